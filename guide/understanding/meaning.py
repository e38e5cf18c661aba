"""Meaning: all that a message says, typed, with the words that say it."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from guide.content.language import Question, Subject
from guide.content.telling import Place
from guide.territory import Commune
from guide.understanding.evidence import Evidence
from guide.understanding.lexicon import Owner
from guide.understanding.words import Word

Feeling = Literal["self_harm", "tired"]


class Strength(NamedTuple):
    """How sure one is of a need, between 0 and 1, and the expression that says it best."""

    sure: float
    text: str


class Answer(NamedTuple):
    """An answer to a question of the profile, and the expression that gives it."""

    value: str
    text: str


class Mentioned(NamedTuple):
    """An entry, a term or a practice called by one of its names."""

    owner: Owner
    text: str
    places: tuple[int, ...]


class Where(NamedTuple):
    """The places named: communes, those among which one must choose, pays, somewhere outside the département."""

    communes: tuple[Commune, ...] = ()
    doubtful: tuple[Commune, ...] = ()
    pays: tuple[Place, ...] = ()
    elsewhere: str | None = None


_NOWHERE = Where()


@dataclass(frozen=True)
class Meaning:
    """What a message means; everything empty when it means nothing to the guide."""

    words: tuple[Word, ...] = ()
    question: Question | None = None
    named: tuple[Mentioned, ...] = ()
    needs: dict[str, Strength] = field(default_factory=dict)
    denied: tuple[str, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    themes: tuple[Answer, ...] = ()
    where: Where = _NOWHERE
    evidence: dict[Owner, Evidence] = field(default_factory=dict)
    feeling: Feeling | None = None
    heavy: bool = False
    ours: bool = False
    insulting: bool = False
    attacking: bool = False
    outside: Subject | None = None
    outside_weight: float = 0.0
    inside_weight: float = 0.0
    foreign: bool = False
    greeting: bool = False
    refusing: bool = False
    follow_up: bool = False
    wants_human: bool = False
    unknown: tuple[str, ...] = ()
