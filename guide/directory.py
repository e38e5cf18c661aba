"""The directory: search and filter the entries, the glossary, the projects and the places. Pure; the API shares it.

A word of the query counts where an entry says it (name first, then summary, then the rest); an expression of its
lexicon counts when the query holds it whole; a misspelt name still finds its entry (RapidFuzz on the names).
"""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from guide.content.base import KnowledgeBase
from guide.content.models import Entry, Kind, Term
from guide.content.telling import Place, Project
from guide.text import name_key, normalise, stems

_CLOSE_NAME = 82.0  # RapidFuzz ratio, in percent, for a misspelt name
_OWN_NAME = 1000.0  # the text is a name: its entry comes first
_SHORTEST_MISSPELT = 5  # letters: « café » is no misspelling of CAF
_WEIGHTS = (6.0, 3.0, 1.0)  # a word of the names, of the summary, of the rest
_EXPRESSION = 3.0  # each word of an expression that people use for the entry, when all its words are there


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


@dataclass(frozen=True, slots=True)
class _Index:
    """What searching needs and that never changes: stems by weight, names, sort keys."""

    words: dict[str, tuple[frozenset[str], ...]]
    expressions: dict[frozenset[str], list[str]]
    names: dict[str, str]
    sort_keys: dict[str, str]


@lru_cache(maxsize=4)
def _index(knowledge: KnowledgeBase) -> _Index:
    words, names = {}, {}
    expressions: dict[frozenset[str], list[str]] = {}
    for entry in knowledge.entries.values():
        needs = [knowledge.needs[need] for need in entry.needs]
        said = [text for need in needs for text in (need.name, *need.lexicon)]
        themes = [knowledge.questions["themes"].options[theme].label for theme in entry.themes]
        fields = ((entry.name, *entry.also_known_as), (entry.summary, *themes), (entry.audience, *entry.does, *said))
        words[entry.id] = tuple(frozenset(stems(" ".join(texts))) for texts in fields)
        for expression in {frozenset(stems(text)) for text in entry.lexicon} - {frozenset()}:
            expressions.setdefault(expression, []).append(entry.id)
        names.update({normalise(name): entry.id for name in fields[0]})
    return _Index(words, expressions, names, {entry.id: normalise(entry.name) for entry in knowledge.entries.values()})


def search_entries(query: Query, knowledge: KnowledgeBase) -> list[Entry]:
    """List the entries that match, best first; by name when there is no text to match."""
    keys = _index(knowledge).sort_keys
    found = sorted((e for e in knowledge.entries.values() if matches(e, query)), key=lambda entry: keys[entry.id])
    if not normalise(query.q):
        return found
    scores = _scores(query.q, knowledge)
    return sorted((entry for entry in found if entry.id in scores), key=lambda entry: -scores[entry.id])


def search_terms(q: str, knowledge: KnowledgeBase) -> list[Term]:
    """List the terms of the glossary that match a text, in alphabetical order."""
    wanted = set(stems(q)) or set(normalise(q).split())
    terms = [
        term
        for term in knowledge.terms.values()
        if not wanted or wanted & set(stems(" ".join((term.name, *term.also_known_as, *term.lexicon, term.definition))))
    ]
    return sorted(terms, key=lambda term: normalise(term.name))


def list_projects(knowledge: KnowledgeBase, *, theme: str | None = None, epci: str | None = None) -> list[Project]:
    """List the inspiring projects of a field, in an intercommunality, by name; None means "any"."""
    found = [
        project
        for project in knowledge.projects.values()
        if (theme is None or theme in project.themes) and (epci is None or not project.epcis or epci in project.epcis)
    ]
    return sorted(found, key=lambda project: normalise(project.name))


def search_places(q: str, knowledge: KnowledgeBase) -> list[Place]:
    """List the places that bear a name, or one close to it, in alphabetical order."""
    wanted = name_key(q)
    names = {place.id: [name_key(name) for name in (place.name, *place.also_known_as)] for place in _places(knowledge)}
    found = [place for place in _places(knowledge) if any(wanted in name for name in names[place.id])]
    if found or not wanted:
        return found
    close = [
        place
        for place in _places(knowledge)
        if process.extractOne(wanted, names[place.id], scorer=fuzz.ratio, score_cutoff=_CLOSE_NAME)
    ]
    return close if len(wanted) >= _SHORTEST_MISSPELT else []


def _places(knowledge: KnowledgeBase) -> list[Place]:
    return sorted(knowledge.places.values(), key=lambda place: name_key(place.name))


def matches(entry: Entry, query: Query) -> bool:
    """Whether an entry passes every filter; the text to search is not looked at."""
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
    index = _index(knowledge)
    wanted = set(stems(q)) or set(normalise(q).split())
    scores: dict[str, float] = {}
    for identifier, fields in index.words.items():
        met = {word for words in fields for word in wanted & words}
        score = sum(weight * len(wanted & words) for weight, words in zip(_WEIGHTS, fields, strict=True))
        if met:
            scores[identifier] = score * len(met) / len(wanted)
    for expression, owners in index.expressions.items():
        if expression <= wanted:
            for identifier in owners:
                scores[identifier] = scores.get(identifier, 0.0) + _EXPRESSION * len(expression)
    if normalise(q) in index.names:
        scores[index.names[normalise(q)]] = _OWN_NAME
    if len(normalise(q)) < _SHORTEST_MISSPELT:
        return scores
    close = process.extract(normalise(q), index.names.keys(), scorer=fuzz.ratio, limit=5, score_cutoff=_CLOSE_NAME)
    for name, closeness, _ in close:
        identifier = index.names[name]
        scores[identifier] = scores.get(identifier, 0.0) + closeness / 5
    return scores
