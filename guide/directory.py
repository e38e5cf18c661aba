"""The directory: search and filter the entries. Pure; the pages and the API share it.

A word of the query counts where an entry says it (name first, then summary, then the rest); a misspelt name still
finds its entry (RapidFuzz on the names).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

from guide.content.base import KnowledgeBase
from guide.content.models import Entry, Kind, Term
from guide.text import normalise, stems

_CLOSE_NAME = 82.0  # RapidFuzz ratio, in percent, for a misspelt name
_WEIGHTS = (6.0, 3.0, 1.0)  # a word of the names, of the summary, of the rest


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; None means "any"."""

    q: str = ""
    kind: Kind | None = None
    family: str | None = None
    need: str | None = None
    stage: str | None = None
    theme: str | None = None
    epci: str | None = None


def index_of(knowledge: KnowledgeBase) -> dict[str, tuple[frozenset[str], ...]]:
    """Stems of each entry, by weight; made once for a version of the base."""
    return _index(_Indexed(knowledge.version, knowledge))


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A base that compares by its version, so that it can key a cache."""

    version: str
    base: KnowledgeBase = field(compare=False)


@lru_cache(maxsize=2)
def _index(indexed: _Indexed) -> dict[str, tuple[frozenset[str], ...]]:
    base, index = indexed.base, {}
    for entry in base.entries.values():
        needs = [text for need in entry.needs for text in (base.needs[need].name, *base.needs[need].lexicon)]
        themes = [base.questions["themes"].options[theme].label for theme in entry.themes]
        fields = ((entry.name, *entry.also_known_as), (entry.summary, *themes), (entry.audience, *entry.does, *needs))
        index[entry.id] = tuple(frozenset(stems(" ".join(texts))) for texts in fields)
    return index


def search_entries(query: Query, knowledge: KnowledgeBase) -> list[Entry]:
    """List the entries that match, best first; by name when there is no text to match."""
    found = [entry for entry in knowledge.entries.values() if _passes(entry, query)]
    if not normalise(query.q):
        return sorted(found, key=lambda entry: normalise(entry.name))
    scores = _scores(query.q, knowledge)
    matching = [entry for entry in found if entry.id in scores]
    return sorted(matching, key=lambda entry: (-scores[entry.id], normalise(entry.name)))


def search_terms(q: str, knowledge: KnowledgeBase) -> list[Term]:
    """List the terms of the glossary that match a text, in alphabetical order."""
    wanted = set(stems(q)) if normalise(q) else set()
    terms = [
        term
        for term in knowledge.terms.values()
        if not wanted or wanted & set(stems(" ".join((term.name, *term.also_known_as, term.definition))))
    ]
    return sorted(terms, key=lambda term: normalise(term.name))


def _passes(entry: Entry, query: Query) -> bool:
    reach = entry.territory
    return (
        (query.kind is None or entry.kind == query.kind)
        and (query.family is None or entry.family == query.family)
        and (query.need is None or query.need in entry.needs)
        and (query.stage is None or query.stage in entry.stages)
        and (query.theme is None or not entry.themes or query.theme in entry.themes)
        and (query.epci is None or reach.everywhere or query.epci in reach.epcis)
    )


def _scores(q: str, knowledge: KnowledgeBase) -> dict[str, float]:
    index = index_of(knowledge)
    wanted = set(stems(q)) or set(normalise(q).split())
    scores: dict[str, float] = {}
    for identifier, fields in index.items():
        met = {word for words in fields for word in wanted & words}
        score = sum(weight * len(wanted & words) for weight, words in zip(_WEIGHTS, fields, strict=True))
        if met:
            scores[identifier] = score * len(met) / len(wanted)
    names = {name: entry.id for entry in knowledge.entries.values() for name in _names(entry)}
    for name, closeness, _ in process.extract(
        normalise(q), names.keys(), scorer=fuzz.ratio, limit=5, score_cutoff=_CLOSE_NAME
    ):
        scores[names[name]] = scores.get(names[name], 0.0) + closeness / 5
    return scores


def _names(entry: Entry) -> Iterable[str]:
    return (normalise(name) for name in (entry.name, *entry.also_known_as))
