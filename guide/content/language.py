"""What ``knowledge/language`` may say: how people write, ask, refuse and despair, and how the assistant answers."""

from typing import Annotated, Literal

from pydantic import Field

from guide.content.models import Flag, Frozen, Identifier, Text

Words = Annotated[str, Field(pattern=r"^[a-z0-9 ]+$", max_length=80)]  # lower case, no accent: as messages are read
Phrases = Annotated[tuple[Words, ...], Field(min_length=1)]
Question = Literal["prepare", "compare", "what", "contact", "cost", "when", "join", "conditions", "where", "who"]
AskedSlot = Literal["commune", "which_commune", "needs", "stage", "holder"]


class Spellings(Frozen):
    """Abbreviations, by the words they stand for; forms that endings do not bring near; words that none brings near."""

    abbreviations: dict[str, str]
    forms: dict[Words, tuple[str, ...]]
    whole: Phrases


class Negation(Frozen):
    """What says no, and whether it refuses what is asked or tells what is lacking."""

    denying: Phrases
    wanting: Phrases
    lacking: Phrases
    settled: Phrases
    contrast: Phrases


class Asking(Frozen):
    """The words that betray a kind of question, a follow-up, a greeting, a refusal, the wish for a human being."""

    kinds: dict[Question, Phrases]
    follow_up: Phrases
    greeting: Phrases
    refusing: Phrases
    human: Phrases


class Distress(Frozen):
    """Words of self-harm, idioms that only sound so, and words of exhaustion (``heavy``: enough in themselves)."""

    self_harm: Phrases
    idioms: Phrases
    tired: Phrases
    heavy: Phrases


class Subject(Frozen):
    """A subject that the guide does not treat, and whom to turn to when a source says so."""

    id: Identifier
    said: Text
    turn_to: Text | None = None
    to_check: Flag = False
    number: Identifier | None = None
    entry: Identifier | None = None
    lexicon: Phrases


class Outside(Frozen):
    """What the guide does not treat, and what it does not answer."""

    subjects: tuple[Subject, ...]
    hostile: Phrases
    attacks: Phrases
    code: tuple[str, ...]
    ours: Phrases
    everywhere: Phrases


class Replies(Frozen):
    """The sentences of the assistant; braces hold what comes from the base."""

    sentences: dict[str, Text]
    asks: dict[AskedSlot, Text]
    suggestions: dict[str, Text]


class Language(Frozen):
    """Everything of ``knowledge/language``, and the French words that need no correction, commonest first."""

    spellings: Spellings
    negation: Negation
    asking: Asking
    distress: Distress
    outside: Outside
    replies: Replies
    words: tuple[str, ...] = Field(repr=False)
