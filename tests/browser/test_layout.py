"""Small screens, larger spacing, paper, and the weight of a first visit."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, PdfMargins, expect

from tests.browser.states import LINES, STATES, USUAL, State, orientation
from tests.browser.visitor import Screen, Visitor

pytestmark = pytest.mark.browser
every_state = pytest.mark.parametrize("state", STATES, ids=str)
large_screen = pytest.mark.parametrize("visitor", [Screen(1280)], ids=str, indirect=True)

MOST_BYTES, MOST_REQUESTS = 60_000, 8

_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; }
                     * { word-spacing: .16em !important; }
                     p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
# What sticks out of the screen, or out of a box that hides it, unless that box scrolls or hides it on purpose.
STICKING_OUT = """() => {
  const scrolls = element => element.closest("pre, [tabindex='0']");
  const hidden = element => element.closest(".visually-hidden, .skip, svg, [hidden], option");
  const out = [...document.querySelectorAll("body *")].filter(element => {
    if (scrolls(element) || hidden(element) || !element.checkVisibility()) return false;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    const cut = style.overflowX !== "visible" && style.overflowX !== "auto" && element.tagName !== "SELECT"
      && element.tagName !== "INPUT" && element.scrollWidth > element.clientWidth + 1;
    return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1 || cut);
  }).map(element => element.outerHTML.slice(0, 120));
  const page = document.documentElement;
  return page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth} wide`, ...out] : out;
}"""


@every_state
def test_nothing_scrolls_sideways_at_320_pixels_even_with_more_spacing(
    invite: Callable[[Screen], Visitor], state: State
) -> None:
    visitor = invite(Screen(320, javascript=False))
    visitor.open(state.address, state.status)
    page = visitor.page
    page.evaluate("() => document.querySelectorAll('details').forEach(details => { details.open = true; })")
    assert page.evaluate(STICKING_OUT) == []
    page.evaluate(_SPACING)
    assert page.evaluate(STICKING_OUT) == []


@large_screen
@pytest.mark.parametrize(
    "where",
    ["/", "/questionnaire/besoins?stage=idee", USUAL, "/annuaire", "/qui-fait-quoi?need=financer", "/structures/apes"],
)
def test_a_text_twice_as_large_is_never_cut(visitor: Visitor, where: str) -> None:
    page = visitor.page
    visitor.open(where)
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    assert page.evaluate(STICKING_OUT) == []


def sheets(page: Page) -> int:
    """How many A4 sheets the page takes, with the margins that a browser proposes."""
    margins: PdfMargins = {"top": "10mm", "bottom": "10mm", "left": "10mm", "right": "10mm"}
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", margin=margins)))


@large_screen
def test_every_path_prints_on_one_sheet(visitor: Visitor) -> None:
    page = visitor.page
    page.emulate_media(media="print")
    too_long = []
    for line in LINES:
        visitor.open(orientation(line))
        if sheets(page) != 1:
            too_long.append(line)
    assert too_long == []
    expect(page.get_by_role("article").first).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_hidden()


@large_screen
def test_the_picture_of_everybody_prints_on_one_sheet_of_a3(visitor: Visitor) -> None:
    visitor.open("/qui-fait-quoi")
    printed = visitor.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    [(width, height)] = re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", printed)
    assert (int(width), int(height)) == (841, 1191)  # points: 297 by 420 mm


@pytest.mark.parametrize("where", ["/", USUAL], ids=["home", "orientation"])
def test_a_first_view_is_light(newcomer: Visitor, where: str) -> None:
    received: list[dict[str, Any]] = []

    def note(event: dict[str, Any]) -> None:
        received.append(event)

    devtools = newcomer.context.new_cdp_session(newcomer.page)
    devtools.on("Network.loadingFinished", note)
    devtools.send("Network.enable")
    newcomer.open(where)
    newcomer.page.wait_for_load_state("networkidle")
    devtools.detach()
    assert len(received) == len(newcomer.requests)
    assert len(newcomer.requests) <= MOST_REQUESTS
    assert 0 < sum(load["encodedDataLength"] for load in received) < MOST_BYTES
