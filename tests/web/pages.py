"""A page as a person meets it: its words, its links, its forms; and what every page of the site must respect.

``faults_of`` is run on the HTML of every page that any test opens, so that this quality is bought once.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit

import html5lib
from bs4 import BeautifulSoup, NavigableString, Tag
from flask.testing import FlaskClient
from html5lib.constants import E as WORDS_OF_ERRORS
from werkzeug.datastructures import MultiDict

SITE_NAME = "Guide ESS 62"
ALWAYS_ALLOWED_HOSTS = frozenset({"www.defenseurdesdroits.fr"})  # the way to complain, which the law asks to name
MOST_REDIRECTS = 4
FILES_GO_TO = "/equipe/imports"  # and nowhere else

_REFERENCES = (
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "aria-details",
    "aria-errormessage",
    "aria-activedescendant",
    "aria-flowto",
    "for",
    "list",
    "form",
    "headers",
)
_WORDS_IN_ATTRIBUTES = ("title", "aria-label", "placeholder", "alt")
_TYPED = ("text", "search", "textarea", "email", "tel", "password")
_NOT_PROSE = ("script", "style", "code", "pre", "textarea")
_STRAIGHT_APOSTROPHE = re.compile(r"\w'\w")
_PLAIN_SPACE = re.compile(r"[ \t\r\n]+[;:!?»]|«[ \t\r\n]")
_ODD = re.compile(r"['\s;:!?«»]")  # what makes a text typed by a visitor break the typography
_TYPED = ("text", "search", "textarea", "email", "tel", "password")
_PHONE = re.compile(r"tel:(\+33[1-9]\d{8}|\d{2,4})")


@dataclass
class Control:
    """One field of a form, in the state in which the page shows it."""

    name: str
    kind: str
    value: str
    on: bool
    offered: tuple[str, ...] = ()


class Form:
    """A form to fill as a browser would: only what it offers can be ticked or typed."""

    def __init__(self, tag: Tag) -> None:
        self.tag = tag
        self.action = str(tag["action"])
        self.method = str(tag.get("method", "get")).lower()
        self.controls = [_control(each) for each in tag.find_all(["input", "select", "textarea"])]
        buttons = tag.find_all("button", type=lambda kind: kind in (None, "submit"))
        assert buttons, f"no button sends the form of {self.action}"
        self.buttons = {plain(each.get_text()): _pair(each) for each in buttons}
        self.button = self.buttons[plain(buttons[0].get_text())]

    def named(self, name: str) -> list[Control]:
        found = [control for control in self.controls if control.name == name]
        assert found, f"no field {name!r} among {sorted({control.name for control in self.controls})}"
        return found

    def press(self, words: str) -> "Form":
        """Press the button that says these words, where there are several."""
        self.button = self.buttons[words]
        return self

    def write(self, name: str, text: str) -> "Form":
        [control] = [each for each in self.named(name) if each.kind in _TYPED]
        control.value = text
        return self

    def choose(self, name: str, value: str) -> "Form":
        [control] = [each for each in self.named(name) if each.kind == "select"]
        assert value in control.offered, f"{value!r} is not offered for {name}"
        control.value = value
        return self

    def tick(self, name: str, *values: str) -> "Form":
        """Tick these boxes and no other."""
        boxes = [each for each in self.named(name) if each.kind in ("radio", "checkbox")]
        assert set(values) <= {box.value for box in boxes}, f"{values} is not offered for {name}"
        assert len(values) <= 1 or all(box.kind == "checkbox" for box in boxes), f"{name} takes one answer"
        for box in boxes:
            box.on = box.value in values
        return self

    def offers(self, name: str) -> list[str]:
        return [each.value for each in self.controls if each.name == name and each.kind in ("radio", "checkbox")]

    def ticked(self, name: str) -> list[str]:
        return [
            each.value for each in self.controls if each.name == name and each.kind in ("radio", "checkbox") and each.on
        ]

    def written(self, name: str) -> str:
        return next(each.value for each in self.named(name) if each.kind in _TYPED)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(each.name, each.value) for each in self.controls if each.on and each.name] + self.button

    @property
    def address(self) -> str:
        """Where sending the form leads."""
        assert self.method == "get"
        return f"{self.action}?{urlencode(self.pairs)}"


def _pair(button: Tag) -> list[tuple[str, str]]:
    return [(str(button["name"]), str(button["value"]))] if button.has_attr("name") else []


def _control(tag: Tag) -> Control:
    name, kind = str(tag.get("name", "")), str(tag.get("type", "text")) if tag.name == "input" else tag.name
    if tag.name == "select":
        options = tag.find_all("option")
        chosen = [each for each in options if each.has_attr("selected")] or options[:1]
        return Control(name, kind, str(chosen[0]["value"]), True, tuple(str(each["value"]) for each in options))
    if kind in ("radio", "checkbox"):
        return Control(name, kind, str(tag["value"]), tag.has_attr("checked"))
    return Control(name, kind, tag.get_text() if kind == "textarea" else str(tag.get("value", "")), True)


@dataclass(frozen=True)
class Page:
    """What came back, after redirects; ``address`` is the last one."""

    address: str
    status: int
    html: str

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The pairs of the query string."""
        return parse_qsl(urlsplit(self.address).query)

    @property
    def title(self) -> str:
        return plain(self.soup.head.title.get_text())

    @property
    def h1(self) -> str:
        return plain(self.soup.h1.get_text())

    @cached_property
    def text(self) -> str:
        """The words of the main part, spaces made plain."""
        main = copy(self.soup.main)
        for term in main.select("button.term"):
            term.unwrap()  # a word that opens in place is read with its sentence
        main.smooth()
        return plain(main.get_text(" "))

    @property
    def summary(self) -> Tag:
        """The summary of errors, which stands before the form."""
        [found] = self.soup.select("main [role=alert]")
        return found

    def form(self, action: str) -> Form:
        """The form that leads under an address."""
        exact = self.forms(action)
        [found] = exact or [Form(tag) for tag in self.soup.find_all("form") if str(tag["action"]).startswith(action)]
        return found

    def forms(self, action: str) -> list[Form]:
        """The forms that lead to exactly this address."""
        return [Form(tag) for tag in self.soup.find_all("form") if str(tag["action"]) == action]

    def links(self, within: str = "main") -> dict[str, str]:
        """Address of each link, by its words."""
        return {plain(tag.get_text()): str(tag["href"]) for tag in self.soup.select(f"{within} a[href]")}

    def link(self, words: str, within: str = "main") -> str:
        """The address of the one link that says these words."""
        found = {href for said, href in self.links(within).items() if words.lower() in said.lower()}
        assert len(found) == 1, f"{len(found)} links say {words!r} on {self.address}: {list(self.links(within))}"
        return found.pop()


def plain(text: str) -> str:
    """Make every run of spaces one plain space, so that tests read as one types."""
    return " ".join(text.split())


@dataclass
class Visitor:
    """Opens pages, follows redirects, and refuses any page that is not well made."""

    client: FlaskClient
    hosts: frozenset[str]
    _seen: dict[tuple[str, int, str], Page] = field(default_factory=dict)

    def __call__(self, address: str, status: int = 200, *, typed: Iterable[str] = ()) -> Page:
        """Open an address; ``typed`` is what the visitor wrote elsewhere than in the query string."""
        for _ in range(MOST_REDIRECTS + 1):
            response = self.client.get(address, buffered=True)
            if not 300 <= response.status_code < 400:
                break
            address = response.headers["Location"].removeprefix("http://localhost")
            assert re.match(r"/(?![/\\])", address), f"a redirect leaves the site: {address}"
        assert response.status_code == status, f"{address} answers {response.status_code}, not {status}"
        assert response.mimetype == "text/html", f"{address} is {response.mimetype}"
        page = Page(address, status, response.get_data(as_text=True))
        return self.check(page, typed)

    def send(self, form: Form, status: int = 200, *, typed: Iterable[str] = ()) -> Page:
        """Send a form by POST, and follow where it leads."""
        assert form.method == "post"
        response = self.client.post(form.action, data=MultiDict(form.pairs), buffered=True)
        if 300 <= response.status_code < 400:
            return self(response.headers["Location"].removeprefix("http://localhost"), status, typed=typed)
        assert response.status_code == status, f"{form.action} answers {response.status_code}, not {status}"
        return self.check(Page(form.action, status, response.get_data(as_text=True)), typed)

    def check(self, page: Page, typed: Iterable[str] = ()) -> Page:
        """Refuse a page with faults; the same page is read and judged once."""
        key = (page.address, page.status, page.html)
        if key not in self._seen:
            faults = list(faults_of(page, self.hosts, typed))
            assert not faults, f"{page.address}:\n" + "\n".join(faults)
            self._seen[key] = page
        return self._seen[key]


class Tags:
    """The elements of a page, in order, by name and by attribute: one walk for all the rules."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.soup = soup
        self.all = soup.find_all(True)
        self._named: dict[str, list[Tag]] = {}
        self._having: dict[str, list[Tag]] = {}
        for tag in self.all:
            self._named.setdefault(tag.name, []).append(tag)
            for attribute in tag.attrs:
                self._having.setdefault(attribute, []).append(tag)

    def named(self, *names: str) -> list[Tag]:
        return [tag for name in names for tag in self._named.get(name, ())]

    def having(self, attribute: str) -> list[Tag]:
        return self._having.get(attribute, [])

    def meta(self, name: str) -> list[str]:
        """What the ``meta`` elements of a name say."""
        return [str(tag.get("content", "")) for tag in self.named("meta") if tag.get("name") == name]


def faults_of(page: Page, hosts: frozenset[str], typed: Iterable[str] = ()) -> Iterator[str]:
    """Say everything that is not well made in a page."""
    tags = Tags(page.soup)
    yield from parsing_faults(page.html)
    yield from _head_faults(tags)
    yield from _structure_faults(tags)
    yield from _heading_faults(tags)
    yield from _reference_faults(tags)
    yield from _field_faults(tags)
    yield from _name_faults(tags)
    yield from _inline_faults(tags)
    yield from _resource_faults(tags)
    yield from _link_faults(tags, hosts)
    yield from _typography_faults(tags, {*typed, *(value for _, value in page.answers if _ODD.search(value))})


def parsing_faults(html: str) -> Iterator[str]:
    """Errors of HTML in the strict sense of the standard; none is ignored."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    lines = html.splitlines()
    for (line, column), code, values in parser.errors:
        near = lines[line - 1][max(0, column - 60) : column + 20] if line <= len(lines) else ""
        yield f"HTML, line {line}: {WORDS_OF_ERRORS.get(code, code) % values} near {near!r}"


def _head_faults(tags: Tags) -> Iterator[str]:
    if tags.soup.html.get("lang") != "fr":
        yield "the language of the page is not said to be French"
    titles = [plain(tag.get_text()) for tag in tags.named("title") if not tag.find_parent("svg")]
    if len(titles) != 1 or not re.fullmatch(rf"\S.+ \S {SITE_NAME}", titles[0]):
        yield f"title: {titles}"
    descriptions = tags.meta("description")
    if len(descriptions) != 1 or len(descriptions[0]) < 20:
        yield f"description: {descriptions}"
    if not any(tag["charset"] == "utf-8" for tag in tags.having("charset")):
        yield "no charset"
    [viewport] = tags.meta("viewport") or [""]
    if "width=device-width" not in viewport or "scalable" in viewport or "maximum" in viewport:
        yield f"viewport: {viewport!r}"


def _structure_faults(tags: Tags) -> Iterator[str]:
    if len(tags.named("h1")) != 1:
        yield f"{len(tags.named('h1'))} h1"
    if len(tags.named("main")) != 1 or not tags.named("main")[0].find("h1"):
        yield "the h1 is not in the only main"
    for name in ("header", "footer"):
        if len([tag for tag in tags.named(name) if tag.parent.name == "body"]) != 1:
            yield f"not one {name} of the page"
    if any(not nav.get("aria-label") and not nav.get("aria-labelledby") for nav in tags.named("nav")):
        yield "a nav has no name"
    first = next(tag for tag in tags.all if tag.name in ("a", "button", "input", "select", "textarea", "summary"))
    if first.name != "a" or first.get("href") != f"#{tags.soup.main.get('id')}":
        yield f"the first stop of the keyboard is not the skip link: {first}"
    if any(str(tag["tabindex"]) > "0" for tag in tags.having("tabindex")):
        yield "a positive tabindex changes the order"
    yield from (f"empty {tag.name}" for tag in tags.named("ul", "ol", "dl", "select") if not tag.find(True))


def _heading_faults(tags: Tags) -> Iterator[str]:
    level = 1  # the summary of errors (h2) stands above the h1, as its readers expect; axe accepts it too
    for heading in (tag for tag in tags.all if re.fullmatch(r"h[1-6]", tag.name)):
        if int(heading.name[1]) > level + 1:
            yield f"heading {plain(heading.get_text())!r} jumps from level {level} to {heading.name}"
        if not plain(heading.get_text()):
            yield f"empty {heading.name}"
        level = int(heading.name[1])


def _reference_faults(tags: Tags) -> Iterator[str]:
    ids = Counter(str(tag["id"]) for tag in tags.having("id"))
    yield from (f"id {name!r} {count} times" for name, count in ids.items() if count > 1)
    yield from (f"id {name!r} has a space" for name in ids if re.search(r"\s", name) or not name)
    for attribute in _REFERENCES:
        for tag in tags.having(attribute):
            named = tag[attribute] if isinstance(tag[attribute], list) else str(tag[attribute]).split()
            if not named:
                yield f"empty {attribute} on {tag.name}"
            yield from (f"{attribute}={name!r} leads nowhere" for name in named if name not in ids)
    for tag in tags.having("href"):
        if str(tag["href"]).startswith("#") and str(tag["href"])[1:] not in ids:
            yield f"link {tag['href']!r} leads nowhere"


def _field_faults(tags: Tags) -> Iterator[str]:
    labelled = {str(tag.get("for")) for tag in tags.named("label") if plain(tag.get_text())}
    for tag in tags.named("input", "select", "textarea"):
        around = tag.find_parent("label")
        if tag.get("type") in ("hidden", "submit", "button", "image", "reset"):
            continue
        if not (
            tag.get("id") in labelled
            or (around and plain(around.get_text()))
            or tag.get("aria-label")
            or tag.get("aria-labelledby")
        ):
            yield f"no label for {tag}"
        if tag.get("type") == "file" and tag.find_parent("form").get("action") != FILES_GO_TO:
            yield "a file may be sent"
    for fieldset in tags.named("fieldset"):
        first = fieldset.find(True)
        if not first or first.name != "legend" or not plain(first.get_text()):
            yield "a fieldset does not begin with its legend"


def _name_faults(tags: Tags) -> Iterator[str]:
    for tag in tags.named("a", "button", "summary"):
        words = plain(tag.get_text()) or tag.get("aria-label")
        if not words and not any(image.get("alt") for image in tag.find_all("img")):
            yield f"no words in {tag}"
    yield from (f"no alt on {image}" for image in tags.named("img") if not image.has_attr("alt"))
    for drawing in tags.named("svg"):
        if drawing.get("aria-hidden") != "true" and not (drawing.get("role") == "img" and drawing.get("aria-label")):
            yield "a drawing is neither hidden nor named"


def _inline_faults(tags: Tags) -> Iterator[str]:
    yield from (f"inline style on {tag.name}" for tag in tags.having("style"))
    yield from ("style element" for _ in tags.named("style"))
    scripts = [tag for tag in tags.named("script") if tag.get("type") != "application/ld+json"]  # data, never executed
    yield from ("inline script" for tag in scripts if not tag.get("src") or tag.get_text().strip())
    for tag in tags.all:
        yield from (f"{name} on {tag.name}" for name in tag.attrs if name.lower().startswith("on"))


def _resource_faults(tags: Tags) -> Iterator[str]:
    for attribute in ("src", "srcset", "action", "formaction", "poster", "data", "background"):
        for tag in tags.having(attribute):
            if not re.match(r"/(?!/)", str(tag[attribute])):
                yield f"{attribute} of {tag.name} leaves the site: {tag[attribute]}"
    for tag in (each for each in tags.named("link", "use", "image", "base") if each.get("rel") != ["canonical"]):
        if urlsplit(str(tag.get("href", ""))).scheme or urlsplit(str(tag.get("href", ""))).netloc:
            yield f"{tag.name} leaves the site: {tag['href']}"


def _link_faults(tags: Tags, hosts: frozenset[str]) -> Iterator[str]:
    for tag in tags.named("a", "area"):
        href = str(tag.get("href", ""))
        scheme, host = urlsplit(href).scheme, urlsplit(href).netloc
        if host.startswith("127.0.0.1"):
            continue  # the secret link of a request, written whole so that it can be noted
        if scheme == "otpauth":  # opens the application of codes on the telephone itself
            continue
        if host and (scheme != "https" or host not in hosts):
            yield f"link to an unexpected host: {href}"
        elif host and "noreferrer" not in tag.get("rel", []):
            yield f"link that says where it comes from: {href}"
        elif scheme == "tel" and not _PHONE.fullmatch(href):
            yield f"not a phone number: {href}"
        elif scheme not in ("", "https", "tel", "mailto", "sms"):
            yield f"link of an unexpected kind: {href}"


def _typography_faults(tags: Tags, typed: set[str]) -> Iterator[str]:
    texts = ["".join(each for each in tags.soup.html.strings if _is_prose(each)), *tags.meta("description")]
    texts += [str(tag[name]) for name in _WORDS_IN_ATTRIBUTES for tag in tags.having(name)]
    for text in texts:
        for said in sorted((each.strip() for each in typed if each.strip()), key=len, reverse=True):
            text = text.replace(said, "…")  # noqa: PLW2901 - what a visitor typed is shown as typed
        for pattern, what in ((_STRAIGHT_APOSTROPHE, "straight apostrophe"), (_PLAIN_SPACE, "plain space")):
            for found in pattern.finditer(text):
                yield f"{what} near {plain(text[max(0, found.start() - 30) : found.end() + 20])!r}"


def _is_prose(text: NavigableString) -> bool:
    return type(text) is NavigableString and text.parent is not None and text.parent.name not in _NOT_PROSE
