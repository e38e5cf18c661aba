"""What the assistant is given and what it answers (public contract, ``POST /api/v1/assistant``)."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from guide.content.language import AskedSlot
from guide.profile import Profile
from guide.understanding.meaning import Meaning

ReplyKind = Literal["answer", "orientation", "clarify", "handoff", "off_topic"]
MatchKind = Literal["structure", "dispositif", "term"]

MOST_MATCHES = 8
MOST_ABOUT = 3


class Context(NamedTuple):
    """What was said before: slots already asked, the last one last; what one talks about; needs denied."""

    asked: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


class Match(NamedTuple):
    """One entry or term that answers, how sure one is of it (0 to 1), and the words that led there."""

    id: str
    kind: MatchKind
    score: float
    matched_on: str


class Choice(NamedTuple):
    """One possible answer to the question asked."""

    value: str
    label: str


class Ask(NamedTuple):
    """One short question."""

    slot: AskedSlot
    text: str
    choices: tuple[Choice, ...] = ()


class Paragraph(NamedTuple):
    """One sentence or two of the answer; ``link`` is the identifier of the entry or term it speaks of."""

    text: str
    link: str | None = None


@dataclass(frozen=True)
class Reply:
    """The answer to one message."""

    kind: ReplyKind
    paragraphs: tuple[Paragraph, ...]
    matches: tuple[Match, ...]
    profile: Profile
    context: Context
    meaning: Meaning
    ask: Ask | None = None
    suggestions: tuple[str, ...] = ()
    comparison: tuple[str, str] | None = None
    numbers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The answer as plain text, one paragraph a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)
