"""axe-core on every template and state; the same page with and without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest

from guide.content.base import KnowledgeBase
from guide.questionnaire import pages
from guide.settings import ROOT
from tests.browser import axe
from tests.browser.states import SLUGS, STATES, State
from tests.browser.visitor import HEIGHT, Screen, Visitor

pytestmark = pytest.mark.browser
every_state = pytest.mark.parametrize("state", STATES, ids=str)

_UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true; })"
_CONTENT = """() => {
  const said = element => element.textContent.replace(/\\s+/g, " ").trim();
  const list = (selector, read) => [...document.querySelectorAll(selector)].map(read);
  const scripted = [...document.querySelectorAll("[data-do]")];
  return {
    title: document.title,
    headings: list("h1, h2, h3, h4, h5, h6", h => `${h.tagName} ${said(h)}`),
    links: list("a[href]", a => `${said(a)} -> ${a.getAttribute("href")}`),
    fields: list("input, select, textarea", f =>
      [f.type, f.name, f.value, f.checked ?? "", [...(f.labels ?? [])].map(said).join("|")].join(" ; ")),
    buttons: list("button", said).filter((_, i) => !scripted.includes(document.querySelectorAll("button")[i])),
    text: said(document.body),
    dead: scripted.filter(button => !button.hidden).map(said),
  };
}"""


def test_every_template_and_every_question_is_among_the_states(knowledge: KnowledgeBase) -> None:
    pieces = {"base.html", "components.html", "forms.html", "drawings.html", "chain.html", "diagnosis.html"}
    pieces.add("conversation.html")  # its turns: see test_conversation.py
    walked_elsewhere = {"kept.html"}  # an answer to a POST: see test_request_journey.py
    templates = {path.name for path in (ROOT / "templates").glob("*.html")} - pieces - walked_elsewhere
    assert {state.template for state in STATES if state.template} == templates
    assert {page.main.id: page.main.slug for page in pages(knowledge)} == SLUGS


@every_state
def test_axe_finds_nothing_at_both_widths_light_and_dark(invite: Callable[[Screen], Visitor], state: State) -> None:
    visitor = invite(Screen(1280))
    visitor.open(state.address, state.status)
    page = visitor.page
    assert state.shows in page.inner_text("body").replace("\u00a0", " ").replace("\u202f", " ")
    page.evaluate(_UNFOLD)
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme, rules in (("light", axe.EVERY_RULE), ("dark", axe.COLOURS)):  # a scheme changes nothing but colours
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme} {line}" for line in axe.violations(page, rules)]
    assert not found, "\n".join(found)


@every_state
def test_the_page_says_the_same_and_asks_the_same_without_javascript(
    invite: Callable[[Screen], Visitor], state: State
) -> None:
    def read(screen: Screen) -> dict[str, Any]:
        visitor = invite(screen)
        visitor.open(state.address, state.status)
        content: dict[str, Any] = visitor.page.evaluate(_CONTENT)
        return content

    without = read(Screen(1280, javascript=False))
    assert without.pop("dead") == [], "a button that only a script can serve shows without it"
    with_script = read(Screen(1280))
    del with_script["dead"]
    assert with_script == without


def test_axe_finds_nothing_on_the_longest_and_the_shortest_entry_of_each_kind(
    invite: Callable[[Screen], Visitor], knowledge: KnowledgeBase
) -> None:
    visitor = invite(Screen(320))
    for entries in (knowledge.structures, knowledge.dispositifs):
        sizes = sorted(entries.values(), key=lambda entry: len(entry.model_dump_json()))
        for entry in (sizes[0], sizes[-1]):
            visitor.open(entry.page_url)
            assert axe.violations(visitor.page, axe.EVERY_RULE) == []
