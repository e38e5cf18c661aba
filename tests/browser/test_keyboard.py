"""The site with a keyboard alone: the skip link, every stop visible, no trap."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.states import ANSWERS, USUAL, address, before, sent
from tests.browser.visitor import SCREENS, Visitor

pytestmark = pytest.mark.browser

WALKS = {
    "home": ("/", 200),
    "question": (address("/questionnaire/besoins", **before("needs")), 200),
    "error": (sent("commune", commune_texte="62140"), 422),
    "assistant": (address("/assistant", **ANSWERS), 200),
    "recapitulation": (address("/questionnaire/recapitulatif", **ANSWERS), 200),
    "orientation": (USUAL, 200),
    "directory": ("/annuaire?q=scic", 200),
    "entry": ("/structures/apes", 200),
    "panorama": ("/qui-fait-quoi?need=financer&stage=creation", 200),
    "easy": ("/facile-a-lire", 200),
    "api": ("/api/", 200),
}
_MOST_STOPS = 250
_LEAST_CONTRAST = 3

# What each element looks like at rest, and what may be reached, are noted before the first key.
_PREPARE = """() => {
  const look = element => {
    const style = getComputedStyle(element);
    return `${style.outline} ${style.outlineOffset} ${style.boxShadow}`;
  };
  const atRest = new Map([...document.querySelectorAll("*")].map(element => [element, look(element)]));
  const reachable = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(element => element.type !== "hidden" && element.checkVisibility())
    .filter(element => !element.closest("svg[aria-hidden]"));  // a drawing: the same links stand in words beside it
  const numbers = new Map(reachable.map((element, number) => [element, number]));

  const rgb = colour => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const luminance = ({ r, g, b }) => [r, g, b]
    .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = element => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.a === 1) return colour;
    }
    return rgb("rgb(255, 255, 255)");
  };

  window.lookAtFocus = () => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const label = element.closest("label");  // a box shows its focus on the whole label
    const shown = [element, label].filter(Boolean).find(shape => {
      const style = getComputedStyle(shape);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && look(shape) !== atRest.get(shape);
    });
    const box = (label ?? element).getBoundingClientRect();
    return {
      number: numbers.get(element) ?? -1,
      html: element.outerHTML.slice(0, 150),
      shown: Boolean(shown),
      contrast: shown ? contrast(rgb(getComputedStyle(shown).outlineColor), behind(shown)) : 0,
      inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      group: element.type === "radio" ? element.name : null,
    };
  };
  return reachable.map(element => element.type === "radio" ? element.name : null);
}"""


def walk(page: Page, key: str) -> list[dict[str, Any]]:
    """Press a key until the focus comes back to the first stop, out of the page and in again; too long is a trap."""
    stops: list[dict[str, Any]] = []
    for _ in range(_MOST_STOPS):
        page.keyboard.press(key)
        stop = page.evaluate("lookAtFocus()")
        if stop and stops and stop["number"] == stops[0]["number"]:
            return stops
        if stop:
            stops.append(stop)
    pytest.fail(f"no way out after {_MOST_STOPS} stops: {stops[-3:]}")


def test_every_stop_is_reached_in_order_and_shows_its_focus_and_nothing_traps(visitor: Visitor) -> None:
    page = visitor.page
    page.emulate_media(color_scheme="light" if visitor.screen.javascript else "dark")  # both, at both widths
    faults = []
    for name, (where, status) in WALKS.items():
        visitor.open(where, status)
        groups = page.evaluate(_PREPARE)
        stops = walk(page, "Tab")
        for stop in stops:
            if not stop["shown"] or stop["contrast"] < _LEAST_CONTRAST or not stop["inView"]:
                faults.append(f"{name}: {stop}")
        numbers = [stop["number"] for stop in stops]
        start = numbers.index(min(numbers))  # an error page starts at its summary
        numbers = numbers[start:] + numbers[:start]
        assert numbers == sorted(set(numbers)), f"{name}: not in the order of the page"
        once = {group for group in groups if group}
        missed = [number for number, group in enumerate(groups) if group is None and number not in numbers]
        assert not missed, f"{name}: out of reach of the keyboard"
        assert once == {stop["group"] for stop in stops if stop["group"]}  # one stop for a group of radio buttons
    assert not faults, "\n".join(faults)


def test_the_way_back_is_the_same_way(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(USUAL)
    page.evaluate(_PREPARE)
    there = [stop["number"] for stop in walk(page, "Tab")]
    back = [stop["number"] for stop in walk(page, "Shift+Tab")]
    assert sorted(back) == there
    assert len(there) > 10


@pytest.mark.parametrize("where", ["/", USUAL, "/annuaire"], ids=["home", "orientation", "directory"])
def test_the_skip_link_comes_first_is_seen_and_leads_to_the_content(visitor: Visitor, where: str) -> None:
    page = visitor.page
    visitor.open(where)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    main = page.get_by_role("main")
    expect(main).to_be_focused()
    page.keyboard.press("Tab")
    expect(main.locator(":focus")).to_have_count(1)


@pytest.mark.parametrize("visitor", SCREENS, ids=str, indirect=True)
def test_a_word_opens_and_closes_with_the_keyboard_with_or_without_javascript(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/structures/pas-de-calais-actif")
    word = page.locator("button.term").first
    opened = page.locator(f"#{word.get_attribute('popovertarget')}")
    expect(opened).to_be_hidden()
    word.focus()
    page.keyboard.press("Enter")
    expect(opened).to_be_visible()
    expect(opened).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(opened.get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    expect(word).to_be_focused()
