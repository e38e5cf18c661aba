"""A turn of the conversation as the page shows it: whom to call first, the rest folded, nothing said twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from guide.assistant.conversation import Turn
from guide.assistant.models import Ask, Reply
from guide.assistant.wording import Words
from guide.content.base import KnowledgeBase
from guide.content.models import Entry

_LIKELY = 0.2  # score under which a card would only distract
_MOST_OTHERS = 3


class Found(NamedTuple):
    """A card or a word of the glossary that answers."""

    name: str
    url: str
    summary: str


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """What was written, and the answer taken apart."""

    message: str
    sentences: tuple[str, ...]
    first: Entry | None  # the first door of a path
    because: str
    compared: tuple[Entry, ...]
    about: tuple[Found, ...]  # what the answer speaks of
    others: tuple[Found, ...]
    checked: Entry | None  # whose sources hold what is said
    numbers: tuple[str, ...]
    ask: Ask | None
    human: bool  # somebody is what this person needs
    gentle: bool
    urgent: bool


def show_turn(turn: Turn, knowledge: KnowledgeBase) -> ShownTurn:
    """Take an answer apart: what a card or a table says is not said in a sentence too."""
    reply = turn.reply
    first = _first_door(reply, knowledge)
    compared = tuple(knowledge.entries[name] for name in reply.comparison or ())
    linked = list(dict.fromkeys(paragraph.link for paragraph in reply.paragraphs if paragraph.link))
    human, urgent = reply.kind == "handoff", bool(reply.numbers)
    spoken = [] if human else [knowledge.entries[name] for name in linked if name in knowledge.entries]
    about = () if first or compared or human else _found(linked, knowledge)
    likely = [match.id for match in reply.matches if match.score >= _LIKELY and match.id not in linked]
    quiet = urgent or reply.meaning.greeting
    return ShownTurn(
        message=turn.message,
        sentences=_sentences(reply, first, {Words(knowledge).checked(entry).text for entry in spoken}),
        first=first,
        because=Words(knowledge).because(first, reply.profile) if first else "",
        compared=compared,
        about=about,
        others=() if quiet else _found(dict.fromkeys(likely), knowledge)[:_MOST_OTHERS],
        checked=spoken[0] if spoken else None,
        numbers=reply.numbers,
        ask=reply.ask,
        human=human,
        gentle=human and reply.meaning.feeling is not None,
        urgent=urgent,
    )


def _first_door(reply: Reply, knowledge: KnowledgeBase) -> Entry | None:
    """Whom the path says to call first."""
    if reply.kind not in ("orientation", "clarify"):
        return None
    doors = [paragraph.link for paragraph in reply.paragraphs if paragraph.link in knowledge.entries]
    return knowledge.entries[doors[0]] if doors and doors[0] else None


def _sentences(reply: Reply, first: Entry | None, dated: set[str]) -> tuple[str, ...]:
    """The sentences of an answer, without those that a card, a table or the line of its sources says better."""
    if reply.comparison:
        return ()
    said = list(reply.paragraphs)
    if first:
        said = said[: [paragraph.link for paragraph in said].index(first.id)]
    return tuple(paragraph.text for paragraph in said if paragraph.text not in dated)


def _found(names: Iterable[str], knowledge: KnowledgeBase) -> tuple[Found, ...]:
    found = []
    for name in names:
        if entry := knowledge.entries.get(name):
            found.append(Found(entry.name, entry.page_url, entry.summary))
        elif term := knowledge.terms.get(name):
            found.append(Found(term.name, f"/glossaire#{term.id}", "Un mot du glossaire."))
    return tuple(found)
