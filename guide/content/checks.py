"""Cross-checks of the whole base: what no file can see of itself."""

from collections.abc import Collection, Iterable, Iterator

from guide.content import coverage, telling_links, words
from guide.content.base import KnowledgeBase
from guide.content.findings import Finding, file_of, find_in_entry, find_in_file, unknown
from guide.content.models import Entry, Option
from guide.text import name_key

_NO_QUESTION: dict[str, Option] = {}  # the question is missing: told once, and not for every value


def check_errors(base: KnowledgeBase, unread: Collection[str] = ()) -> list[Finding]:
    """List what makes the base unfit to be served.

    ``unread`` names the files that could not be read: what leads to them is not held against the others, and the
    base is not judged as a whole.
    """
    own = (
        _unknown_values,
        _unknown_links,
        _questions_make_sense,
        _territories_are_said,
        _mentions_lead_to_the_mission,
        telling_links.check,
        coverage.check_explanations,
        words.check_sentences,
    )
    whole = (_order_is_complete, _names_are_unique, _every_need_has_a_door, _every_epci_is_served, coverage.check_holes)
    checks = own if unread else (*own, *whole)
    found = [finding for check in checks for finding in check(base)]
    return [finding for finding in found if not any(f"« {name} »" in finding.message for name in unread)]


def _unknown_values(base: KnowledgeBase) -> Iterator[Finding]:
    """Values that no question, list or file knows."""
    place: tuple[str | int, ...]
    name: str
    options = {name: question.options for name, question in base.questions.items()}
    for entry in base.entries.values():
        used: list[tuple[tuple[str | int, ...], str, Iterable[str], Iterable[str]]] = [
            (("family",), "famille", [entry.family], base.order.families),
            (("stages",), "étape", entry.stages, options.get("stage", _NO_QUESTION)),
            (("needs",), "besoin", entry.needs, base.needs),
            (("themes",), "thème", entry.themes, options.get("themes", _NO_QUESTION)),
            (("territory", "epcis"), "intercommunalité", entry.territory.epcis, base.territory.epcis),
        ]
        for name, rule in entry.requires.items():
            place = ("requires", name, "values")
            used.append((place, f"réponse à {name}", (*rule.values, *rule.later), options.get(name, _NO_QUESTION)))
        for name, fits in entry.fits.items():
            used.append((("fits", name), f"réponse à {name}", fits, options.get(name, _NO_QUESTION)))
        for place, what, values, known in used:
            for value in values:
                if value not in known and known is not _NO_QUESTION:
                    yield find_in_entry(base, entry, (*place, value), unknown(what, value, known))


def _unknown_links(base: KnowledgeBase) -> Iterator[Finding]:
    """Identifiers that lead nowhere, from entries, terms and lists."""
    for entry in base.entries.values():
        links = {("via",): entry.via, ("contact", "through"): entry.contact.through}
        for place, target in links.items():
            if target is not None and target not in base.entries:
                yield find_in_entry(
                    base, entry, place, f"fiche « {target} » inconnue ; l'écrire ou corriger l'identifiant"
                )
    for index, told in enumerate(base.funding):
        for key, target in (("who", told.who), ("whom", told.whom)):
            if target not in base.entries:
                message = f"fiche « {target} » inconnue ; l'écrire ou corriger l'identifiant"
                yield find_in_file(base, "funding.yaml", ("funding", index, key), message)


def _questions_make_sense(base: KnowledgeBase) -> Iterator[Finding]:
    """Conditions and companions that lead to no question or no answer."""
    for question in base.questions.values():
        file = f"questions/{question.id}.yaml"
        if question.asked_with is not None and question.asked_with not in base.questions:
            message = unknown("question", question.asked_with, base.questions)
            yield find_in_file(base, file, ("asked_with",), message)
        for index, condition in enumerate(question.asked_when):
            for name, values in condition.items():
                known = base.questions[name].options if name in base.questions else {}
                for value in values:
                    if value not in known:
                        message = unknown(f"réponse à {name}", value, known)
                        yield find_in_file(base, file, ("asked_when", index, name), message)


def _territories_are_said(base: KnowledgeBase) -> Iterator[Finding]:
    for entry in base.entries.values():
        if entry.territory.everywhere == bool(entry.territory.epcis):
            message = "territoire à préciser ; écrire everywhere: true, ou la liste epcis, mais pas les deux"
            yield find_in_entry(base, entry, ("territory",), message)


def _order_is_complete(base: KnowledgeBase) -> Iterator[Finding]:
    for target in base.order.open_doors:
        if target not in base.entries:
            message = f"fiche « {target} » inconnue ; corriger la liste"
            yield find_in_file(base, "order.yaml", ("open_doors", target), message)
    ordered_needs = [need for group in base.order.needs for need in group.items]
    for what, place, ordered, known in (
        ("besoin", "needs", ordered_needs, base.needs),
        ("question", "questions", list(base.order.questions), base.questions),
    ):
        for name in sorted(set(ordered) ^ set(known)):
            remedy = "ajouter son fichier" if name in ordered else "l'ajouter à la liste"
            yield find_in_file(base, "order.yaml", (place,), f"{what} « {name} » sans fichier ou sans place ; {remedy}")
        for name in sorted({name for name in ordered if ordered.count(name) > 1}):
            yield find_in_file(base, "order.yaml", (place,), f"{what} « {name} » cité deux fois ; n'en garder qu'un")


def _names_are_unique(base: KnowledgeBase) -> Iterator[Finding]:
    owners: dict[str, Entry] = {}
    for entry in base.entries.values():
        for name in (entry.name, *entry.also_known_as):
            owner = owners.setdefault(name_key(name), entry)
            if owner is not entry:
                message = f"nom « {name} » déjà pris par {file_of(owner)} ; le retirer d'une des deux fiches"
                yield find_in_entry(base, entry, ("also_known_as",), message)
    for term in base.terms.values():
        for name in (term.name, *term.also_known_as):
            owned = owners.get(name_key(name))
            if owned is not None and owned.id not in term.see:
                message = f"nom « {name} » déjà pris par {file_of(owned)} ; citer cette fiche dans « see »"
                yield find_in_file(base, f"terms/{term.id}.yaml", ("name",), message)


def _every_need_has_a_door(base: KnowledgeBase) -> Iterator[Finding]:
    covered = {need for entry in base.entries.values() if entry.territory.everywhere for need in entry.needs}
    for need in base.needs:
        if need not in covered:
            message = (
                f"besoin « {need} » sans aucune porte ouverte à tout le département ; ajouter une fiche qui y répond"
            )
            yield find_in_file(base, f"needs/{need}.yaml", (), message)


def _every_epci_is_served(base: KnowledgeBase) -> Iterator[Finding]:
    served = {epci for entry in base.entries.values() for epci in entry.territory.epcis}
    for epci in sorted(base.territory.epcis.keys() - served):
        message = f"intercommunalité « {epci} » que personne ne sert ; écrire structures/{epci}.yaml"
        yield find_in_file(base, "order.yaml", (), message)


def _mentions_lead_to_the_mission(base: KnowledgeBase) -> Iterator[Finding]:
    for entry in base.entries.values():
        if entry.confidence == "mention" and entry.contact.through != "mission-ess":
            message = "simple mention ; écrire contact: {through: mission-ess}"
            yield find_in_entry(base, entry, ("contact",), message)
