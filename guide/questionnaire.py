"""The questionnaire: answers are replayed at each request, never kept. Pure: answers in, next question out.

A page shows one main question and its companions (``asked_with``). An answer is a tuple of values; UNKNOWN means that
the person was asked and does not know, which is a valid answer everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guide.content.base import KnowledgeBase
from guide.content.models import Question
from guide.errors import UnknownEntryError
from guide.profile import Profile

UNKNOWN = "ne-sait-pas"
_LISTS = ("other_communes", "themes", "needs", "supported_by")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the questionnaire: the question asked, then what may be said along with it."""

    main: Question
    companions: tuple[Question, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """All the questions of the page, the main one first."""
        return (self.main, *self.companions)


@dataclass(frozen=True, slots=True)
class Answers:
    """Valid and reachable answers, in the order of the questionnaire; ``dropped`` names what was left aside."""

    values: dict[str, tuple[str, ...]]
    dropped: tuple[str, ...] = ()

    @property
    def profile(self) -> Profile:
        """The profile that these answers make; UNKNOWN becomes "not said"."""
        known: dict[str, Any] = {}
        for name, values in self.values.items():
            said = tuple(value for value in values if value != UNKNOWN or name == "legal_form")
            if said:
                known[name] = said if name in _LISTS else said[0]
        return Profile.model_construct(**known)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The answers as the pairs of a query string, always in the same order."""
        return [(name, value) for name, values in self.values.items() for value in values]

    def without(self, questions: Sequence[Question]) -> "Answers":
        """The answers to every other question."""
        names = {question.id for question in questions}
        return Answers({name: values for name, values in self.values.items() if name not in names})


@lru_cache(maxsize=4)
def pages(knowledge: KnowledgeBase) -> tuple[Page, ...]:
    """List the pages in the order of ``knowledge/order.yaml``, branches included."""
    questions = [knowledge.questions[name] for name in knowledge.order.questions]
    return tuple(
        Page(question, tuple(other for other in questions if other.asked_with == question.id))
        for question in questions
        if question.asked_with is None
    )


def get_page(slug: str, knowledge: KnowledgeBase) -> Page:
    """Get the page of a slug; raise UnknownEntryError."""
    for page in pages(knowledge):
        if page.main.slug == slug:
            return page
    raise UnknownEntryError(slug)


def replay(raw: Mapping[str, Sequence[str]], knowledge: KnowledgeBase) -> Answers:
    """Replay answers in the order of the questions: unknown values and branches no longer reachable are dropped."""
    values: dict[str, tuple[str, ...]] = {}
    dropped: list[str] = []
    for page in pages(knowledge):
        reachable = is_asked(page.main, values)
        for question in page.questions:
            given = [value for value in raw.get(question.id, ()) if value]
            kept = sort_out(question, given, knowledge) if reachable else ()
            if kept:
                values[question.id] = kept
            if reachable and len(kept) != len(set(given)):
                dropped.append(question.id)
    dropped += [name for name in raw if name not in knowledge.questions]
    return Answers(values, tuple(dropped))


def is_asked(question: Question, values: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a question makes sense after the answers given; an answer not known keeps the branch open."""
    return not question.asked_when or any(
        all(values.get(name, (UNKNOWN,))[0] in (UNKNOWN, *accepted) for name, accepted in condition.items())
        for condition in question.asked_when
    )


def reachable_pages(answers: Answers, knowledge: KnowledgeBase) -> list[Page]:
    """List the pages that these answers lead through."""
    return [page for page in pages(knowledge) if is_asked(page.main, answers.values)]


def next_page(answers: Answers, knowledge: KnowledgeBase) -> Page | None:
    """Find the first page not answered; None at the end."""
    for page in reachable_pages(answers, knowledge):
        if page.main.id not in answers.values:
            return page
    return None


def sort_out(question: Question, given: Sequence[str], knowledge: KnowledgeBase) -> tuple[str, ...]:
    """Keep the values that the question knows, in its own order, each once; "I do not know" stands alone."""
    if not given:
        return ()
    known = known_values(question, knowledge)
    if question.kind in ("commune", "communes"):  # the order in which the person named the places
        kept = [value for value in dict.fromkeys(given) if value in known]
    else:
        kept = [value for value in known if value in given]
    if not kept and question.unknown and UNKNOWN in given:
        return (UNKNOWN,)
    return tuple(kept[:1] if question.kind in ("single", "commune") else kept)


def known_values(question: Question, knowledge: KnowledgeBase) -> Sequence[str] | Mapping[str, Any]:
    """The values that a question accepts, UNKNOWN apart."""
    if question.kind == "needs":
        return [need for group in knowledge.order.needs for need in group.items]
    if question.kind == "structures":
        return knowledge.structures
    if question.kind in ("commune", "communes"):
        return knowledge.territory.communes
    return question.options


def answers_of(profile: Profile, knowledge: KnowledgeBase) -> Answers:
    """The answers that make a profile: the way back from the API or the assistant to the questionnaire.

    A company that is a cooperative is not asked for its form: where the form would be lost, who carries the project
    in law takes the place of the holder.
    """
    raw: dict[str, Sequence[str]] = {}
    for name in Profile.model_fields:
        value = getattr(profile, name)
        raw[name] = value if isinstance(value, tuple) else (value,) if value else ()
    answers = replay(raw, knowledge)
    if profile.carrier and answers.profile.carrier != profile.carrier:
        answers = replay(raw | {"holder": (profile.carrier,)}, knowledge)
    return answers
