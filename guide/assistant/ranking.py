"""Ranking: which entries answer a message, best first.

What is named, then what the path proposes, and what the words call.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from guide.assistant.models import MOST_MATCHES, Match
from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.orientation import propose
from guide.profile import Profile
from guide.understanding.meaning import Meaning

# Tuned on tests/golden_questions (docs/assistant.md says each in words).
_NAMED = 4.0  # called by its name
_LESS = 0.3  # each name after the first
_IN_PASSING = 0.3  # what a term leads to, when the message asks for something else
_BESIDE_NAMED = 1.2  # through whom one passes, or what a term leads to
_PATH = 1.6  # first of the path
_EACH_RANK = 0.13  # lost with each rank of the path
_LATER = 0.5  # lost by what comes later
_WORDS = 2.6  # called by its own words
_HALF_SURE = 0.8  # weight of words at which they count half
_LOCAL = 1.6  # from here, when only the way is asked
_UNSURE = 0.65  # certainty of a need under which a place says more
_EVERYWHERE = 0.6  # open to the whole département, when only the way is asked
_GENERAL = frozenset(["comprendre-ecosysteme"])  # needs that whoever is near may answer
_INTERCOMMUNALITY = "epci"  # the word of the glossary
# Certainty of the first entry, as tests/golden_questions measure it.
_SURE_HUMAN, _SURE_NAME, _UNSURE_NAME = 0.85, 0.95, 0.78
_ALSO_NEEDS = 0.9  # certainty of a need beside a name, from which the name may be said in passing
_UNSURE_PATH, _PER_NEED, _PER_LEAD = 0.5, 0.15, 0.12
_HUMAN = ("mission-ess", "apes", "suivi-hors-reseaux")


@dataclass
class _Rating:
    """What speaks for one entry, and the words that say most."""

    worth: float = 0.0
    words: str = ""
    strongest: float = 0.0
    parts: list[tuple[str, float]] = field(default_factory=list)

    def add(self, worth: float, words: str, part: str) -> None:
        self.worth += worth
        self.parts.append((part, worth))
        if worth > self.strongest:
            self.words, self.strongest = words, worth


Ratings = dict[str, _Rating]


def rank(
    meaning: Meaning, profile: Profile, knowledge: KnowledgeBase, on: date, *, asks_human: bool = False
) -> list[Match]:
    """Rank the entries and terms that answer a message."""
    ratings: Ratings = defaultdict(_Rating)
    if asks_human:
        for place, identifier in enumerate(_HUMAN):
            ratings[identifier].add(_NAMED - place * _LESS, "besoin d’écoute", "human")
    _rate_names(ratings, meaning, profile, knowledge)
    _rate_intercommunality(ratings, meaning, profile, knowledge)
    _rate_words(ratings, meaning)
    _rate_path(ratings, meaning, profile, knowledge, on)
    _leave_out_elsewhere(ratings, _placed(profile, meaning, knowledge), knowledge)
    ordered = sorted(ratings.items(), key=lambda pair: -pair[1].worth)
    certain = _certainty(meaning, ordered, asks_human=asks_human)
    terms = list(_terms(meaning))
    entries = [
        Match(name, knowledge.entries[name].kind, round(certain * rating.worth / ordered[0][1].worth, 2), rating.words)
        for name, rating in ordered
        if name in knowledge.entries
    ]
    defines = meaning.question in ("what", "compare") and not _named_entries(meaning)
    first, then = (terms, entries) if defines else (entries[: MOST_MATCHES - len(terms)], terms)
    return [*first, *then][:MOST_MATCHES]


def _leave_out_elsewhere(ratings: Ratings, profile: Profile, knowledge: KnowledgeBase) -> None:
    """Leave out who acts somewhere else, unless a message calls them by their name."""
    here = set(profile.epcis(knowledge))
    for name, rating in list(ratings.items()) if here else ():
        ground = knowledge.entries[name].territory.epcis if name in knowledge.entries else ()
        if ground and not here.intersection(ground) and all(part != "name" for part, _ in rating.parts):
            del ratings[name]


def _certainty(meaning: Meaning, ordered: Sequence[tuple[str, _Rating]], *, asks_human: bool) -> float:
    """How sure one is of the first entry; make bench prints how often each certainty is right."""
    if asks_human:
        return _SURE_HUMAN
    if not ordered:
        return 0.0
    best = ordered[0][1]
    sure = max([strength.sure for strength in meaning.needs.values()], default=0.0)
    if any(part == "name" for part, _ in best.parts):
        return _SURE_NAME if sure < _ALSO_NEEDS or meaning.question not in (None, "who") else _UNSURE_NAME
    ahead = best.worth - (ordered[1][1].worth if len(ordered) > 1 else 0.0)
    return _UNSURE_PATH + _PER_NEED * sure + _PER_LEAD * min(1.0, ahead)


def explain(
    meaning: Meaning, profile: Profile, knowledge: KnowledgeBase, on: date
) -> list[tuple[str, float, list[tuple[str, float]]]]:
    """Say what speaks for each entry, part by part, best first."""
    ratings: Ratings = defaultdict(_Rating)
    _rate_names(ratings, meaning, profile, knowledge)
    _rate_words(ratings, meaning)
    _rate_path(ratings, meaning, profile, knowledge, on)
    return [
        (name, rating.worth, rating.parts) for name, rating in sorted(ratings.items(), key=lambda pair: -pair[1].worth)
    ]


def _named_entries(meaning: Meaning) -> list[str]:
    return [each.owner.id for each in meaning.named if each.owner.kind == "entry"]


def _rate_names(ratings: Ratings, meaning: Meaning, profile: Profile, knowledge: KnowledgeBase) -> None:
    here = set(_placed(profile, meaning, knowledge).epcis(knowledge))
    named = [each for each in meaning.named if each.owner.kind in ("entry", "term")]
    in_passing = bool(meaning.needs) and meaning.question in (None, "who")
    for place, each in enumerate(named):
        worth, name = _NAMED - place * _LESS, each.owner.id
        if name in knowledge.entries:
            ratings[name].add(worth, each.text, "name")
            entry = knowledge.entries[name]
            for other in {entry.via, entry.contact.through} - {None}:
                ratings[str(other)].add(_BESIDE_NAMED, each.text, "through")
        if each.owner.kind == "term":
            for order, other in enumerate(knowledge.terms[name].see):
                local = other in knowledge.entries and here.intersection(knowledge.entries[other].territory.epcis)
                beside = (_IN_PASSING if in_passing else _BESIDE_NAMED) / (1 + order / 2)
                ratings[other].add(worth if local and not in_passing else beside, each.text, "see")


def _rate_intercommunality(ratings: Ratings, meaning: Meaning, profile: Profile, knowledge: KnowledgeBase) -> None:
    """Rate "l'agglo", "la communauté de communes": with a place, it is one entry."""
    said = next((each for each in meaning.named if each.owner.id == _INTERCOMMUNALITY), None)
    if said:
        for epci in _placed(profile, meaning, knowledge).epcis(knowledge):
            ratings[epci].add(_NAMED - _LESS, said.text, "name")


def _rate_words(ratings: Ratings, meaning: Meaning) -> None:
    for owner, evidence in meaning.evidence.items():
        if owner.kind == "entry":
            weight = evidence.weight
            ratings[owner.id].add(_WORDS * weight / (weight + _HALF_SURE), evidence.best.text, "words")


def _rate_path(ratings: Ratings, meaning: Meaning, profile: Profile, knowledge: KnowledgeBase, on: date) -> None:
    asked = _placed(profile, meaning, knowledge)
    if asked.places and (set(asked.needs) <= _GENERAL or _asks_only_where(meaning)):
        _rate_place(ratings, asked, knowledge)
    if not (asked.needs or asked.themes):
        return
    for proposal in propose(asked, knowledge, on).proposals:
        worth = _PATH - _EACH_RANK * (proposal.rank - 1) - (_LATER if proposal.when == "later" else 0.0)
        need = next((reason.value for reason in proposal.reasons if reason.criterion == "needs"), None)
        words = meaning.needs[need].text if need in meaning.needs else proposal.reasons[0].said
        ratings[proposal.entry.id].add(worth, words, "path")


def _asks_only_where(meaning: Meaning) -> bool:
    """Whether a message names a place, and says no need with certainty."""
    placed = meaning.where.communes or meaning.where.pays
    return bool(placed) and all(strength.sure < _UNSURE for strength in meaning.needs.values())


def _placed(profile: Profile, meaning: Meaning, knowledge: KnowledgeBase) -> Profile:
    """The profile with its places; the largest commune of each of its intercommunalities stands for a pays."""
    if profile.places or not meaning.where.pays:
        return profile
    largest: dict[str, tuple[int, str]] = {}
    for commune in knowledge.territory.communes.values():
        largest[commune.epci.id] = max(largest.get(commune.epci.id, (0, "")), (commune.population, commune.code))
    codes = tuple(largest[epci][1] for pays in meaning.where.pays for epci in pays.epcis)
    return profile.with_answers(commune=codes[0], other_communes=codes[1:])


def _rate_place(ratings: Ratings, profile: Profile, knowledge: KnowledgeBase) -> None:
    """Rate who is here, when a place is all one knows."""
    epcis = set(profile.epcis(knowledge))
    for entry in knowledge.entries.values():
        if epcis.intersection(entry.territory.epcis):
            ratings[entry.id].add(_LOCAL + _welcome(entry), "votre secteur", "place")
    if epcis:
        for place, identifier in enumerate(_HUMAN[:2]):
            ratings[identifier].add(_EVERYWHERE - place * 0.1, "tout le département", "place")


def _welcome(entry: Entry) -> float:
    """How good a first door a local structure is: one that listens to everybody, then one that follows projects."""
    doors = {"main": 0.3, "relay": 0.2, "extra": 0.1}
    fit = entry.needs.get("etre-ecoute") or entry.needs.get("comprendre-ecosysteme")
    general = 0.0 if entry.themes else 0.4
    general -= len(entry.territory.epcis) * 0.05
    return (
        general
        + (doors[fit.door] if fit else 0.0)
        + (0.2 if entry.family in ("lieu", "accueil", "accompagnement") else 0.0)
    )


def _terms(meaning: Meaning) -> Iterator[Match]:
    """The words of the glossary that a message names, when it asks what they mean or names nothing else."""
    for each in meaning.named:
        if each.owner.kind == "term" and (meaning.question in ("what", "compare", None)):
            yield Match(each.owner.id, "term", 0.95 if meaning.question == "what" else 0.6, each.text)
