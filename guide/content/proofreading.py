"""Read the base again as a curator should: what stops nobody, and deserves another look."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from guide.content import coverage, words
from guide.content.base import KnowledgeBase
from guide.content.findings import Finding, find_in_entry, find_in_file
from guide.content.models import Entry
from guide.content.readability import MOST_WORDS, long_sentences, unexplained_acronyms
from guide.content.reader import Place
from guide.text import join_words

RECENT = 2  # years between a source and the last verification; older, what it says may have changed
FEWEST = {"does": 3, "does_not": 2, "prepare": 2}  # lines of an entry that one can act on

# Keys that hold no sentence for a reader: identifiers, values, names, words of other people, contacts, titles.
_IDENTIFIERS = ("id", "kind", "family", "stages", "values", "via", "see", "who_helps", "helped_by", "epcis", "entries")
_NAMES = ("name", "short_name", "also_known_as", "former", "slug", "asked_with", "asked_when", "number")
_CODES = ("door", "status", "confidence", "contact", "sources")
_NOT_PROSE = frozenset((*_IDENTIFIERS, *_NAMES, *_CODES, "lexicon", "heard"))


def proofread(base: KnowledgeBase, today: date) -> dict[str, list[Finding]]:
    """List what a curator should look at, by subject, without stopping the service."""
    subjects = {
        "À relire": _dates_gone_by(base, today),
        "Fiches minces": _thin_entries(base),
        "Sources anciennes": _old_sources(base),
        "Mots partagés": words.check_owners(base),
        "Phrases longues": _long_sentences(base),
        "Sigles sans leurs mots": _acronyms(base),
        "Trous comblés": coverage.check_filled(base),
    }
    return {subject: list(found) for subject, found in subjects.items()}


def _files(base: KnowledgeBase) -> Iterator[tuple[str, BaseModel]]:
    """Every file that somebody reads, with what it says."""
    folders: dict[str, dict[str, Any]] = {
        "structures": base.structures,
        "dispositifs": base.dispositifs,
        "needs": base.needs,
        "questions": base.questions,
        "terms": base.terms,
        "practices": base.practices,
        "projects": base.projects,
        "places": base.places,
    }
    for folder, items in folders.items():
        for item in items.values():
            yield f"{folder}/{item.id}.yaml", item


def _dates_gone_by(base: KnowledgeBase, today: date) -> Iterator[Finding]:
    for file, item in _files(base):
        review_by = getattr(item, "review_by", None)
        if review_by is not None and review_by < today:
            message = f"à relire depuis le {review_by:%d/%m/%Y} ; vérifier puis changer les dates"
            yield find_in_file(base, file, ("review_by",), message)


def _thin_entries(base: KnowledgeBase) -> Iterator[Finding]:
    for entry in base.entries.values():
        thin = [f"{key} {len(getattr(entry, key))}/{few}" for key, few in FEWEST.items() if _is_thin(entry, key, few)]
        if not any((entry.contact.phone, entry.contact.email, entry.contact.address, entry.contact.website)):
            thin += [] if entry.contact.through else ["aucun moyen de la joindre"]
        if thin:
            message = f"fiche mince ({join_words(thin)}) ; la compléter d'après ses sources"
            yield find_in_entry(base, entry, (), message)


def _is_thin(entry: Entry, key: str, fewest: int) -> bool:
    """A simple mention has little to say: one line of each is enough."""
    return len(getattr(entry, key)) < (1 if entry.confidence == "mention" else fewest)


def _old_sources(base: KnowledgeBase) -> Iterator[Finding]:
    """An entry is as young as its youngest source, counted from the day on which it was verified."""
    for entry in base.entries.values():
        youngest = max((source.year for source in entry.sources if source.year), default=None)
        if youngest is not None and entry.verified_on.year - youngest <= RECENT:
            continue
        said = f"la plus récente est de {youngest}" if youngest else "aucune n'est datée"
        sure = " et écrire confidence: to_check" if entry.confidence == "confirmed" else ""
        message = f"aucune source de moins de {RECENT} ans à la vérification ({said}) ; en chercher une{sure}"
        yield find_in_entry(base, entry, ("sources",), message)


def _long_sentences(base: KnowledgeBase) -> Iterator[Finding]:
    for file, item in _files(base):
        for place, text in _prose(item):
            for sentence in long_sentences([text])[:1]:
                start = " ".join(sentence.text.split()[:6])
                message = f"phrase de {sentence.words} mots (« {start}… ») ; la couper, {MOST_WORDS} au plus"
                yield find_in_file(base, file, place, message)


def _acronyms(base: KnowledgeBase) -> Iterator[Finding]:
    called = " ".join(entry.short_name for entry in base.structures.values())  # « la CRESS » is how one calls it
    allowed = {word for word in called.replace("’", " ").split() if word.isupper()} | base.acronyms.keys()
    for file, item in _files(base):
        names = (getattr(item, "name", ""), *getattr(item, "also_known_as", ()))
        texts = [(place, text) for place, text in _prose(item)]
        for acronym in unexplained_acronyms((text for _, text in texts), names):
            if acronym not in allowed:
                place = next(place for place, text in texts if acronym in text)
                message = f"sigle « {acronym} » sans ses mots ; les écrire la première fois, ou voir acronyms.yaml"
                yield find_in_file(base, file, place, message)


def _prose(value: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every sentence shown to a reader, with the key where it stands."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, BaseModel):
        yield from _prose({key: getattr(value, key) for key in type(value).model_fields}, place)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _NOT_PROSE and not (key == "themes" and isinstance(inner, tuple)):
                yield from _prose(inner, (*place, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _prose(inner, (*place, index))
