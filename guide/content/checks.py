"""Cross-checks of the whole base: what no file can see of itself."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from guide.content.base import KnowledgeBase
from guide.content.models import Entry, Option
from guide.text import join_words, normalise

_NO_QUESTION: dict[str, Option] = {}  # the question is missing: told once, and not for every value
_ARTICLES = ("le ", "la ", "les ", "l ", "un ", "une ", "des ", "d ")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: file, line, rule broken and remedy."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """Print as compilers do, so that editors can jump to the line."""
        return f"knowledge/{self.file}:{self.line}: {self.message}"


def check_errors(base: KnowledgeBase, unread: Collection[str] = ()) -> list[Finding]:
    """List what makes the base unfit to be served.

    ``unread`` names the files that could not be read: what leads to them is not held against the others, and the
    base is not judged as a whole.
    """
    own = (_unknown_values, _unknown_links, _questions_make_sense, _territories_are_said, _mentions_lead_to_the_mission)
    whole = (_order_is_complete, _names_are_unique, _every_need_has_a_door, _every_epci_is_served)
    checks = own if unread else (*own, *whole)
    found = [finding for check in checks for finding in check(base)]
    return [finding for finding in found if not any(f"« {name} »" in finding.message for name in unread)]


def check_warnings(base: KnowledgeBase, today: date) -> list[Finding]:
    """List what a curator should look at, without stopping the service: dates gone by."""
    return [
        _at(
            base,
            entry,
            ("review_by",),
            f"à relire depuis le {entry.review_by:%d/%m/%Y} ; vérifier puis changer les dates",
        )
        for entry in base.entries.values()
        if entry.review_by < today
    ]


def file_of(entry: Entry) -> str:
    """The file of an entry, from the root of the base."""
    return f"{entry.kind}s/{entry.id}.yaml"


def _at(base: KnowledgeBase, entry: Entry, place: tuple[str | int, ...], message: str) -> Finding:
    return _in_file(base, file_of(entry), place, message)


def _in_file(base: KnowledgeBase, file: str, place: tuple[str | int, ...], message: str) -> Finding:
    return Finding(file, base.lines[file].line(place), message)


def _unknown(what: str, value: str, known: Iterable[str]) -> str:
    return f"{what} « {value} » inconnu ; connus : {join_words(sorted(known))}"


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
                    yield _at(base, entry, (*place, value), _unknown(what, value, known))


def _unknown_links(base: KnowledgeBase) -> Iterator[Finding]:
    """Identifiers that lead nowhere, from entries, terms and lists."""
    for entry in base.entries.values():
        links = {("via",): entry.via, ("contact", "through"): entry.contact.through}
        for place, target in links.items():
            if target is not None and target not in base.entries:
                yield _at(base, entry, place, f"fiche « {target} » inconnue ; l'écrire ou corriger l'identifiant")
    for term in base.terms.values():
        for target in term.see:
            if target not in base.entries and target not in base.terms:
                message = f"renvoi « {target} » inconnu ; citer une fiche ou un terme qui existe"
                yield _in_file(base, f"terms/{term.id}.yaml", ("see",), message)


def _questions_make_sense(base: KnowledgeBase) -> Iterator[Finding]:
    """Conditions and companions that lead to no question or no answer."""
    for question in base.questions.values():
        file = f"questions/{question.id}.yaml"
        if question.asked_with is not None and question.asked_with not in base.questions:
            message = _unknown("question", question.asked_with, base.questions)
            yield _in_file(base, file, ("asked_with",), message)
        for index, condition in enumerate(question.asked_when):
            for name, values in condition.items():
                known = base.questions[name].options if name in base.questions else {}
                for value in values:
                    if value not in known:
                        message = _unknown(f"réponse à {name}", value, known)
                        yield _in_file(base, file, ("asked_when", index, name), message)


def _territories_are_said(base: KnowledgeBase) -> Iterator[Finding]:
    for entry in base.entries.values():
        if entry.territory.everywhere == bool(entry.territory.epcis):
            message = "territoire à préciser ; écrire everywhere: true, ou la liste epcis, mais pas les deux"
            yield _at(base, entry, ("territory",), message)


def _order_is_complete(base: KnowledgeBase) -> Iterator[Finding]:
    for target in base.order.open_doors:
        if target not in base.entries:
            message = f"fiche « {target} » inconnue ; corriger la liste"
            yield _in_file(base, "order.yaml", ("open_doors", target), message)
    ordered_needs = [need for group in base.order.needs for need in group.items]
    for what, place, ordered, known in (
        ("besoin", "needs", ordered_needs, base.needs),
        ("question", "questions", list(base.order.questions), base.questions),
    ):
        for name in sorted(set(ordered) ^ set(known)):
            remedy = "ajouter son fichier" if name in ordered else "l'ajouter à la liste"
            yield _in_file(base, "order.yaml", (place,), f"{what} « {name} » sans fichier ou sans place ; {remedy}")
        for name in sorted({name for name in ordered if ordered.count(name) > 1}):
            yield _in_file(base, "order.yaml", (place,), f"{what} « {name} » cité deux fois ; n'en garder qu'un")


def name_key(name: str) -> str:
    """Fold a name so that two entries cannot own the same one under two spellings."""
    key = normalise(name)
    for article in _ARTICLES:
        key = key.removeprefix(article)
    return key


def _names_are_unique(base: KnowledgeBase) -> Iterator[Finding]:
    owners: dict[str, Entry] = {}
    for entry in base.entries.values():
        for name in (entry.name, *entry.also_known_as):
            owner = owners.setdefault(name_key(name), entry)
            if owner is not entry:
                message = f"nom « {name} » déjà pris par {file_of(owner)} ; le retirer d'une des deux fiches"
                yield _at(base, entry, ("also_known_as",), message)
    for term in base.terms.values():
        for name in (term.name, *term.also_known_as):
            owned = owners.get(name_key(name))
            if owned is not None and owned.id not in term.see:
                message = f"nom « {name} » déjà pris par {file_of(owned)} ; citer cette fiche dans « see »"
                yield _in_file(base, f"terms/{term.id}.yaml", ("name",), message)


def _every_need_has_a_door(base: KnowledgeBase) -> Iterator[Finding]:
    covered = {need for entry in base.entries.values() if entry.territory.everywhere for need in entry.needs}
    for need in base.needs:
        if need not in covered:
            message = (
                f"besoin « {need} » sans aucune porte ouverte à tout le département ; ajouter une fiche qui y répond"
            )
            yield _in_file(base, f"needs/{need}.yaml", (), message)


def _every_epci_is_served(base: KnowledgeBase) -> Iterator[Finding]:
    served = {epci for entry in base.entries.values() for epci in entry.territory.epcis}
    for epci in sorted(base.territory.epcis.keys() - served):
        message = f"intercommunalité « {epci} » que personne ne sert ; écrire structures/{epci}.yaml"
        yield _in_file(base, "order.yaml", (), message)


def _mentions_lead_to_the_mission(base: KnowledgeBase) -> Iterator[Finding]:
    for entry in base.entries.values():
        if entry.confidence == "mention" and entry.contact.through != "mission-ess":
            message = "simple mention ; écrire contact: {through: mission-ess}"
            yield _at(base, entry, ("contact",), message)
