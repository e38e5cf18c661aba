"""What becomes of each row: new, already here, changed, forgotten; and whom of the desk it looks like."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from guide.spelling import are_close_names
from guide.tables.holders import Doubt, Holder, fingerprint
from guide.text import normalise


class Fate(Enum):
    """What the import would do of a row."""

    NEW = auto()  # a dossier is made
    CHANGED = auto()  # it was imported before, and says something else
    SAME = auto()  # it was imported before, as it is
    REPEATED = auto()  # it stands twice in the table
    FORGOTTEN = auto()  # its person had her data erased


@dataclass(frozen=True, slots=True)
class Known:
    """A row that was imported before."""

    id: UUID
    referral_id: UUID
    reference: str
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A dossier of the desk, as far as it may be the same person."""

    id: UUID
    reference: str
    name: str
    email: str | None
    phone: str | None
    commune: str | None


@dataclass(frozen=True, slots=True)
class Fated:
    """A row and what becomes of it."""

    holder: Holder
    fate: Fate
    known: Known | None = None
    alike: tuple[str, ...] = ()  # why it may be somebody of the desk, in words

    @property
    def changes(self) -> dict[str, tuple[str | None, str | None]]:
        """What a changed row said, and says, by field."""
        if self.known is None or self.fate is not Fate.CHANGED:
            return {}
        before, after = self.known.said, self.holder.said
        names = dict.fromkeys((*before, *after))
        return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a table would do to the desk."""

    rows: tuple[Fated, ...]
    doubts: tuple[Doubt, ...]

    def of(self, fate: Fate) -> list[Fated]:
        """The rows that share a fate, in the order of the table."""
        return [row for row in self.rows if row.fate is fate]

    @property
    def digest(self) -> str:
        """Changes as soon as something else would be done: what is confirmed is what was shown."""
        told = ((row.holder.line, row.fate.name, str(row.known and row.known.id), row.alike) for row in self.rows)
        return hashlib.sha256(repr(list(told)).encode()).hexdigest()


def identities(holder: Holder, keyed: Callable[[str], str]) -> list[str]:
    """What recognises a person who was forgotten, and says nothing of her: her name with each contact, hashed."""
    name = normalise(holder.name)
    return [keyed(f"{name}|{contact}") for contact in (holder.email, holder.phone) if contact]


def compare(
    holders: Sequence[Holder],
    known: Sequence[Known],
    people: Sequence[Somebody],
    is_forgotten: Callable[[Holder], bool],
) -> Comparison:
    """Say what becomes of each row of a table."""
    matches = _match(holders, known)
    look = _Lookalikes(people)
    seen: set[str] = set()
    rows, doubts = [], []
    for index, holder in enumerate(holders):
        before = matches.get(index)
        fate = _fate(holder, before, seen, is_forgotten)
        alike = tuple(look.reasons(holder)) if fate is Fate.NEW else ()
        rows.append(Fated(holder, fate, before, alike))
        doubts += [Doubt(holder.line, text) for text in alike]
    return Comparison(tuple(rows), tuple(doubts))


def _fate(holder: Holder, before: Known | None, seen: set[str], is_forgotten: Callable[[Holder], bool]) -> Fate:
    if holder.fingerprint in seen:
        return Fate.REPEATED
    seen.add(holder.fingerprint)
    if before is not None:
        return Fate.SAME if fingerprint(before.said) == holder.fingerprint else Fate.CHANGED
    return Fate.FORGOTTEN if is_forgotten(holder) else Fate.NEW


def _match(holders: Sequence[Holder], known: Sequence[Known]) -> dict[int, Known]:
    """Find the row that each one was before: the whole, else name and project, else two of name, project and contact.

    A row that was imported before answers for one row only.
    """
    matches: dict[int, Known] = {}
    taken: set[UUID] = set()
    for keys_of in (_whole, _name_and_project, _name_and_contact, _project_and_contact):
        by_key: dict[str, list[Known]] = defaultdict(list)
        for each in known:
            for key in keys_of(each.said):
                by_key[key].append(each)
        for index, holder in enumerate(holders):
            if index in matches:
                continue
            free = (each for key in keys_of(holder.said) for each in by_key.get(key, ()) if each.id not in taken)
            if (found := next(free, None)) is not None:
                matches[index] = found
                taken.add(found.id)
    return matches


def _whole(said: dict[str, str]) -> list[str]:
    return [fingerprint(said)]


def _name(said: dict[str, str]) -> str:
    return normalise(said.get("person") or said.get("structure") or "")


def _contacts(said: dict[str, str]) -> list[str]:
    return [said[key] for key in ("email", "phone") if key in said]


def _name_and_project(said: dict[str, str]) -> list[str]:
    project = normalise(said.get("project", ""))
    return [f"{_name(said)}|{project}|{contact}" for contact in _contacts(said)] + (
        [f"{_name(said)}|{project}"] if project else []
    )


def _name_and_contact(said: dict[str, str]) -> list[str]:
    return [f"{_name(said)}|{contact}" for contact in _contacts(said)]


def _project_and_contact(said: dict[str, str]) -> list[str]:
    project = normalise(said.get("project", ""))
    return [f"{project}|{contact}" for contact in _contacts(said)] if project else []


class _Lookalikes:
    """Finds who of the desk a new row may already be."""

    def __init__(self, people: Sequence[Somebody]) -> None:
        self._by_contact: dict[str, list[Somebody]] = defaultdict(list)
        self._by_commune: dict[str, list[tuple[str, Somebody]]] = defaultdict(list)
        for each in people:
            for contact in filter(None, (each.email, each.phone)):
                self._by_contact[contact].append(each)
            if each.commune:
                self._by_commune[each.commune].append((normalise(each.name), each))

    def reasons(self, holder: Holder) -> Iterator[str]:
        told: set[UUID] = set()
        for contact, words in ((holder.email, "le même courriel"), (holder.phone, "le même téléphone")):
            for each in self._by_contact.get(contact or "", ())[:3]:
                if each.id not in told:
                    told.add(each.id)
                    yield _alike(words, each)
        name = normalise(holder.name)
        for other, each in self._by_commune.get(holder.commune or "", ()):
            if each.id not in told and are_close_names(name, other):
                told.add(each.id)
                yield _alike("un nom proche et la même commune", each)


def _alike(words: str, somebody: Somebody) -> str:
    return f"Peut-être un doublon : {words} que le dossier {somebody.reference} ({somebody.name})."
