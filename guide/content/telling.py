"""What the base tells beside the entries: practices of cooperation, inspiring projects, places, useful numbers."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from guide.content.models import Confidence, Flag, Frozen, Heard, Identifier, Lexicon, Source, Text, Texts

Sources = Annotated[tuple[Source, ...], Field(min_length=1)]
Several = Annotated[Texts, Field(min_length=1)]
Figures = Annotated[Text, BeforeValidator(lambda value: str(value) if type(value) is int else value)]  # 2021, 3114
Summary = Annotated[Text, Field(max_length=160)]


class Comparison(Frozen):
    """One practice in the same seven lines as the three others: the columns of one table."""

    goal: Text
    who_decides: Text
    legal_form: Text
    duration: Text
    money: Text
    commitment: Text
    examples_of_use: Text


class Example(Frozen):
    """A cooperation that the sources tell; it may have ended since."""

    name: Text
    where: Text
    text: Text
    year: Figures | None


class Practice(Frozen):
    """One way to cooperate: what it is, when to choose it, how to begin."""

    id: Identifier
    name: Text
    short_name: Text
    lexicon: Annotated[Lexicon, Field(min_length=8)]
    heard: Annotated[Heard, Field(min_length=3)]
    summary: Summary
    definition: Text
    when_to_choose: Several
    compare: Comparison
    strengths: Several
    watch_out: Several
    first_steps: Several
    examples: tuple[Example, ...] = ()
    who_helps: tuple[Identifier, ...] = ()
    see: tuple[Identifier, ...] = ()
    sources: Sources
    verified_on: date
    review_by: date
    confidence: Confidence


class Project(Frozen):
    """A local project that may inspire: its story and what a beginner can take from it."""

    id: Identifier
    name: Text
    summary: Summary
    story: Several
    themes: tuple[str, ...]
    epcis: tuple[Identifier, ...]
    place: Text
    year: Figures | None
    lesson: Text
    helped_by: tuple[Identifier, ...] = ()
    see: tuple[Identifier, ...] = ()
    sources: Sources
    verified_on: date
    review_by: date
    confidence: Confidence


class Place(Frozen):
    """A pays that people name: the intercommunalities of today, and the doors that are there."""

    id: Identifier
    name: Text
    also_known_as: Texts = ()
    epcis: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    ambiguous: Flag = False
    note: Text
    former: Texts = ()
    entries: tuple[Identifier, ...] = ()
    sources: Sources
    verified_on: date
    review_by: date
    confidence: Confidence


class UsefulNumber(Frozen):
    """A telephone number that answers what the guide does not."""

    id: Identifier
    number: Figures
    name: Text
    when: Text
    note: Text | None = None
    confidence: Confidence
    sources: Sources


class UsefulNumbers(Frozen):
    """The numbers, in the order in which they are shown."""

    numbers: Annotated[tuple[UsefulNumber, ...], Field(min_length=1)]
