"""What the files of ``knowledge/`` may say. ``knowledge/README.md`` documents every key for curators."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from guide.text import typeset

Kind = Literal["structure", "dispositif"]
Door = Literal["main", "relay", "extra"]
Confidence = Literal["confirmed", "to_check", "mention"]
Openness = Literal["open", "between_sessions", "full", "unconfirmed"]
Criterion = Literal["stage", "holder", "legal_form", "employees", "budget_citoyen", "support", "themes"]
RuleCriterion = Literal["stage", "holder", "legal_form", "employees", "budget_citoyen", "support"]
QuestionKind = Literal["single", "multiple", "commune", "communes", "needs", "structures"]

_MARKUP = re.compile(r"<[a-zA-Z/!]|\*\*|\]\(")


def _refuse_markup(text: str) -> str:
    if _MARKUP.search(text):
        raise ValueError("le texte doit être simple : ni HTML ni Markdown")
    return text


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_refuse_markup), AfterValidator(typeset)
]
Sentence = Annotated[Text, Field(max_length=400)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Texts = tuple[Text, ...]
Flag = Annotated[bool, Field(strict=True)]  # true or false: « on », « oui », « yes » are words
Expression = Annotated[Text, Field(max_length=60)]  # a word or a few, as people write them
Lexicon = tuple[Expression, ...]
Heard = tuple[Sentence, ...]


class Frozen(BaseModel):
    """A read-only model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Frozen):
    """Where a fact was read; ``year`` is None when the page bears no date."""

    title: Text
    year: int | None = None


class Fit(Frozen):
    """Why an entry answers one need or one answer, and how good a door it is for it."""

    door: Door
    because: Sentence


class Rule(Frozen):
    """One condition of access, in values for the machine and in words beside them."""

    values: Annotated[tuple[str, ...], Field(min_length=1)]
    otherwise: Sentence
    unlock: Sentence | None = None
    check: Sentence
    later: dict[str, Sentence] = {}


class Reach(Frozen):
    """Where an entry acts: the whole département, or some intercommunalities."""

    everywhere: Flag = False
    epcis: tuple[Identifier, ...] = ()
    note: Text | None = None


class Availability(Frozen):
    """Whether the door is open now: eligible is not open."""

    status: Openness
    note: Text | None = None


class Contact(Frozen):
    """How to reach a structure (never a person); ``to_check`` names the parts that are old or undated."""

    phone: Text | None = None
    email: Text | None = None
    address: Text | None = None
    website: Text | None = None
    to_check: tuple[Literal["phone", "email", "address", "website"], ...] = ()
    through: Identifier | None = None


class Step(Frozen):
    """One step of a procedure; ``certain`` is False when it changes from year to year or remains to be checked."""

    title: Text
    when: Text | None = None
    text: Text
    certain: Flag = True


class Entry(Frozen):
    """A structure or a dispositif: what it does, for whom, where, under which conditions, and how to enter."""

    id: Identifier
    kind: Kind
    published: Flag = True
    name: Text
    short_name: Text
    also_known_as: Texts = ()
    lexicon: Annotated[Lexicon, Field(min_length=8)]
    heard: Annotated[Heard, Field(min_length=3)]
    family: str
    summary: Annotated[Text, Field(max_length=160)]
    does: Annotated[Texts, Field(min_length=1)]
    does_not: Annotated[Texts, Field(min_length=1)]
    audience: Text
    when_to_call: Annotated[Texts, Field(min_length=2, max_length=4)]
    stages: Annotated[tuple[str, ...], Field(min_length=1)]
    needs: dict[str, Fit]
    fits: dict[Criterion, dict[str, Fit]] = {}
    themes: dict[str, Sentence] = {}
    territory: Reach
    requires: dict[RuleCriterion, Rule] = {}
    steps: tuple[Step, ...] = ()
    availability: Availability
    cost: Text | None
    calendar: Text | None
    how_to_enter: Text
    prepare: Annotated[Texts, Field(min_length=1)]
    via: Identifier | None = None
    contact: Contact
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    verified_on: date
    review_by: date
    confidence: Confidence

    @property
    def page_url(self) -> str:
        """The path of its page, the same in the site and in the API."""
        return f"/{self.kind}s/{self.id}"


class Draft(Entry):
    """An entry that is not published: the words of people may still be missing."""

    lexicon: Lexicon = ()
    heard: Heard = ()
    when_to_call: Texts = ()


class Need(Frozen):
    """One need a person may tick; ``said`` is how the site says it back."""

    id: Identifier
    name: Text
    detail: Text
    said: Text
    lexicon: Annotated[Lexicon, Field(min_length=15)]
    heard: Annotated[Heard, Field(min_length=4)]


class Option(Frozen):
    """One possible answer; ``said`` is how the site says it back, ``chip`` its shortest name (else the label)."""

    label: Text
    chip: Text | None = None
    hint: Text | None = None
    said: Text
    lexicon: Lexicon = ()


class Unknown(Frozen):
    """The answer "I do not know", which never excludes anything."""

    label: Text
    said: Text


class Question(Frozen):
    """One question; its id is the field of the profile that it fills."""

    id: str
    slug: Identifier
    text: Text
    short: Text
    why: Text
    hint: Text | None = None
    kind: QuestionKind
    options: dict[str, Option] = {}
    unknown: Unknown | None = None
    asked_when: tuple[dict[Criterion, tuple[str, ...]], ...] = ()
    asked_with: str | None = None


class Term(Frozen):
    """One word of the glossary."""

    id: Identifier
    name: Text
    also_known_as: Texts = ()
    lexicon: Lexicon = ()
    definition: Text
    example: Text | None = None
    see: tuple[Identifier, ...] = ()
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class NeedGroup(Frozen):
    """A heading over some needs."""

    title: Text
    items: tuple[str, ...]


class Order(Frozen):
    """The order and grouping of what the files hold."""

    questions: tuple[str, ...]
    needs: tuple[NeedGroup, ...]
    families: dict[str, Text]
    open_doors: dict[Identifier, Sentence]


class Hole(Frozen):
    """Why nobody answers a need at some stages, or in some intercommunalities."""

    need: str
    stages: tuple[str, ...] = ()
    epcis: tuple[str, ...] = ()
    because: Sentence


class Holes(Frozen):
    """The holes of the base that are known and explained."""

    holes: tuple[Hole, ...]


class Funding(Frozen):
    """Who gives money so that somebody else may help."""

    who: Identifier
    whom: Identifier
    because: Sentence
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class Fundings(Frozen):
    """Who funds whom, as far as the sources say."""

    funding: tuple[Funding, ...]


class Acronyms(Frozen):
    """Acronyms that need no words, and why."""

    known: dict[str, Text]


class HumanContact(Frozen):
    """The human way in, shown everywhere; to be confirmed by the Mission ESS before launch."""

    name: Text
    phone: Text | None
    phone_label: Text | None
    email: Text | None
    address: Text | None
    to_check: Flag
    source: Source
