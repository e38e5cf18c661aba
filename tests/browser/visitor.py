"""Somebody who visits the site in a real browser, and sees what should never happen there."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

_REFUSED = "Failed to load resource: the server responded with a status of "
_STORED = "origin === 'null' ? [] : [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
HEIGHT = 800  # pixels
_TIMEOUT = 20_000  # milliseconds: shared machines are slow, a pass never waits that long


@dataclass(frozen=True, slots=True)
class Screen:
    """How somebody looks at the site."""

    width: int
    javascript: bool = True

    def __str__(self) -> str:
        return f"{self.width}-{'with' if self.javascript else 'without'}-javascript"


SCREENS = [Screen(width, javascript) for width in (320, 1280) for javascript in (True, False)]
WITH_SCRIPT = [screen for screen in SCREENS if screen.javascript]
WITHOUT_SCRIPT = [screen for screen in SCREENS if not screen.javascript]


@dataclass
class Visitor:
    """A page in its own context. ``faults`` lists what went wrong behind the back of the person."""

    screen: Screen
    context: BrowserContext
    page: Page
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)
    meant_to_be_refused: set[str] = field(default_factory=set)
    cookies: frozenset[str] = frozenset()  # those that the pages of this visit may set

    def start_again(self) -> None:
        """Come back as if for the first time."""
        self.page.set_viewport_size({"width": self.screen.width, "height": HEIGHT})
        self.page.emulate_media(media="null", color_scheme="light")
        self.requests.clear()

    def open(self, address: str, status: int = 200) -> Response:
        """Go to an address, which must answer with this status."""
        response = self.page.goto(address)
        assert response is not None
        assert response.status == status, f"{address} : {response.status}"
        if status >= 400:
            self.expect_refusal()
        return response

    def expect_refusal(self) -> None:
        """Say that the page on screen is an error page, and that this is what the test wants."""
        self.meant_to_be_refused.add(urldefrag(self.page.url).url)

    def check(self) -> None:
        """Fail when another host was called, a cookie set, something stored, or an error written in the console."""
        unexpected = [f"refused by the server: {url}" for url in self.refusals - self.meant_to_be_refused]
        seen = [*self.faults, *unexpected]
        cookies = [str(cookie.get("name")) for cookie in self.context.cookies()]
        kept = [name for name in cookies if name not in self.cookies] + self.page.evaluate(_STORED)
        for noted in (self.faults, self.refusals, self.meant_to_be_refused):
            noted.clear()
        assert not seen, "\n".join(seen)
        assert kept == [], f"kept in the browser: {kept}"


def welcome(browser: Browser, address: str, screen: Screen, **options: Any) -> Visitor:
    """Let a visitor in, and watch what the browser does from then on."""
    context = browser.new_context(
        base_url=address,
        java_script_enabled=screen.javascript,
        viewport={"width": screen.width, "height": HEIGHT},
        reduced_motion="reduce",  # colours are read at once, never in the middle of a transition
        **options,
    )
    context.set_default_timeout(_TIMEOUT)
    visitor = Visitor(screen, context, context.new_page())
    host = urlsplit(address).netloc

    def see_request(request: Request) -> None:
        visitor.requests.append(request.url)
        if urlsplit(request.url).netloc != host:
            visitor.faults.append(f"another host: {request.url}")

    def see_console(message: ConsoleMessage) -> None:
        if message.text.startswith(_REFUSED):
            visitor.refusals.add(urldefrag(message.location["url"]).url)
        elif message.type in ("error", "warning"):
            visitor.faults.append(f"console: {message.text} ({message.location['url']})")

    context.on("request", see_request)
    context.on("console", see_console)
    context.on("weberror", lambda error: visitor.faults.append(f"script: {error.error}"))
    return visitor
