"""The conversation: what was said is replayed at each message, never kept. Pure: events in, turns out.

The page holds the events (messages, and chips taken away) in its form; the server holds nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from guide.assistant.dialogue import reply
from guide.assistant.models import Context, Reply
from guide.content.base import KnowledgeBase
from guide.profile import Profile

MOST_EVENTS = 16  # replayed; older ones are folded into what they taught
MOST_CARRIED = 7_000  # characters of events, six bytes each at worst once sent, in a body of 64 kB
_SAID, _REMOVED = "dit:", "retire:"


class Turn(NamedTuple):
    """What the person wrote, and what was answered."""

    message: str
    reply: Reply


@dataclass(frozen=True)
class Conversation:
    """The turns to show, what one knows now, and what the page must carry to go on."""

    turns: tuple[Turn, ...]
    profile: Profile
    context: Context
    start: Profile  # before the first event carried
    asked: tuple[str, ...]  # slots asked before the first event carried
    events: tuple[str, ...]

    @property
    def last(self) -> Turn | None:
        """The last turn."""
        return self.turns[-1] if self.turns else None


def said(message: str) -> str:
    """The event of a message."""
    return _SAID + message


def removed(field: str, value: str) -> str:
    """The event of a chip taken away."""
    return f"{_REMOVED}{field}:{value}"


def replay(
    events: Sequence[str], start: Profile, asked: Iterable[str], knowledge: KnowledgeBase, on: date
) -> Conversation:
    """Replay the events of a conversation; the oldest are folded when there are too many."""
    profile, context = start, Context(asked=tuple(asked))
    folded_profile, folded_asked = profile, context.asked
    turns: list[Turn] = []
    shown = _first_carried(events)
    for place, event in enumerate(events):
        if place == shown:
            folded_profile, folded_asked = profile, context.asked
            turns.clear()
        if event.startswith(_REMOVED):
            field, _, value = event.removeprefix(_REMOVED).partition(":")
            profile = take_away(profile, field, value)
        elif event.startswith(_SAID):
            message = event.removeprefix(_SAID)
            answer = reply(message, profile, context, knowledge, on)
            profile, context = answer.profile, answer.context
            turns.append(Turn(message, answer))
    return Conversation(tuple(turns), profile, context, folded_profile, folded_asked, tuple(events[shown:]))


def _first_carried(events: Sequence[str]) -> int:
    """Where the events that the page still carries begin: not too many, and never more than a form may hold."""
    first, left = len(events), MOST_CARRIED
    while first > 0 and len(events) - first < MOST_EVENTS and (first == len(events) or len(events[first - 1]) <= left):
        first -= 1
        left -= len(events[first])
    return first


def take_away(profile: Profile, field: str, value: str) -> Profile:
    """A profile without one answer; what it does not hold changes nothing."""
    held = getattr(profile, field, None) if field in Profile.model_fields else None
    if isinstance(held, tuple):
        return profile.with_answers(**{field: tuple(each for each in held if each != value)})
    return profile.with_answers(**{field: None}) if held == value else profile
