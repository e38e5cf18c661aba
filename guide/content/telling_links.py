"""Cross-checks of what is told beside the entries: terms, practices, projects and places lead only to what exists."""

from collections.abc import Iterable, Iterator

from guide.content.base import KnowledgeBase
from guide.content.findings import Finding, find_in_file, unknown
from guide.text import name_key

Used = tuple[str, str, Iterable[str], Iterable[str]]  # key, what it holds, the values given, those that exist


def check(base: KnowledgeBase) -> Iterator[Finding]:
    """List what leads nowhere, and the names that two places share."""
    for file, used in _references(base):
        for key, what, values, known in used:
            for value in values:
                if value not in known:
                    yield find_in_file(base, file, (key, value), _explain(what, value, known))
    yield from _places_are_told_apart(base)


def _references(base: KnowledgeBase) -> Iterator[tuple[str, list[Used]]]:
    readable = {*base.entries, *base.terms, *base.practices, *base.projects, *base.places}
    themes = base.questions["themes"].options if "themes" in base.questions else ()
    for term in base.terms.values():
        yield f"terms/{term.id}.yaml", [("see", "renvoi", term.see, readable)]
    for practice in base.practices.values():
        links: list[Used] = [
            ("who_helps", "fiche", practice.who_helps, base.entries),
            ("see", "renvoi", practice.see, readable),
        ]
        yield f"practices/{practice.id}.yaml", links
    for project in base.projects.values():
        links = [
            ("helped_by", "fiche", project.helped_by, base.entries),
            ("see", "renvoi", project.see, readable),
            ("epcis", "intercommunalité", project.epcis, base.territory.epcis),
        ]
        if themes:
            links.append(("themes", "thème", project.themes, themes))
        yield f"projects/{project.id}.yaml", links
    for place in base.places.values():
        links = [
            ("entries", "fiche", place.entries, base.entries),
            ("epcis", "intercommunalité", place.epcis, base.territory.epcis),
        ]
        yield f"places/{place.id}.yaml", links


def _explain(what: str, value: str, known: Iterable[str]) -> str:
    if what == "renvoi":
        return f"renvoi « {value} » inconnu ; citer une fiche, un terme, une pratique, un projet ou un lieu qui existe"
    if what == "fiche":
        return f"fiche « {value} » inconnue ou non publiée ; l'écrire ou corriger l'identifiant"
    return unknown(what, value, known)


def _places_are_told_apart(base: KnowledgeBase) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for place in base.places.values():
        file = f"places/{place.id}.yaml"
        if place.ambiguous and len(place.epcis) == 1:
            message = "nom ambigu avec une seule intercommunalité ; citer les autres, ou retirer ambiguous"
            yield find_in_file(base, file, ("ambiguous",), message)
        for name in (place.name, *place.also_known_as):
            owner = owners.setdefault(name_key(name), place.id)
            if owner != place.id:
                message = f"nom « {name} » déjà pris par places/{owner}.yaml ; le retirer d'un des deux lieux"
                yield find_in_file(base, file, ("also_known_as",), message)
