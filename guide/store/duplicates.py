"""Duplicates: who may be the same person under another reference, and which dossiers were said to be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select, update

from guide.models import Referral, StaffAccount
from guide.models.referral import Outcome, ReferralState
from guide.spelling import are_close_names
from guide.store.desk import visible
from guide.store.queue import Row
from guide.text import normalise

_MOST_COMPARED = 500  # names of a commune, newest first: a page is never slower than that
_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A dossier that may be of the same person, and why."""

    reference: str
    name: str
    state: ReferralState
    why: str


def list_lookalikes(session: Session, account: StaffAccount, referral: Referral) -> list[Lookalike]:
    """List which dossiers that an account may see look like one, the surest first; linked ones are known already."""
    names = ("reference", "name", "state", "email", "phone")
    others: Any = select_columns(*(getattr(Referral, name) for name in names)).where(
        *visible(account), *_not_linked(referral)
    )
    contacts = [
        column == value
        for column, value in ((col(Referral.email), referral.email), (col(Referral.phone), referral.phone))
        if value
    ]
    newest = (col(Referral.received_at).desc(), col(Referral.id))
    same = session.exec(others.where(or_(*contacts)).order_by(*newest).limit(_MOST_SHOWN)).all() if contacts else []
    found = {row[0]: Lookalike(row[0], row[1] or "", row[2], _shared(referral, row[3], row[4])) for row in same}
    if referral.commune:
        near = others.where(col(Referral.commune) == referral.commune).order_by(*newest).limit(_MOST_COMPARED)
        name = normalise(referral.name or "")
        for reference, other, state, _, _ in session.exec(near):
            if reference not in found and are_close_names(name, normalise(other or "")):
                found[reference] = Lookalike(reference, other or "", state, "un nom proche et la même commune")
    return list(found.values())[:_MOST_SHOWN]


def _not_linked(referral: Referral) -> Iterator[ColumnElement[bool]]:
    yield col(Referral.id) != referral.id
    yield or_(col(Referral.duplicate_of_id).is_(None), col(Referral.duplicate_of_id) != referral.id)
    if referral.duplicate_of_id is not None:
        yield col(Referral.id) != referral.duplicate_of_id


def _shared(referral: Referral, email: str | None, phone: str | None) -> str:
    same_phone = referral.phone is not None and referral.phone == phone
    if referral.email is not None and referral.email == email:
        return "le même courriel et le même téléphone" if same_phone else "le même courriel"
    return "le même téléphone"


def list_linked(session: Session, account: StaffAccount, referral: Referral) -> Sequence[Referral]:
    """List the dossier of which one is the duplicate, and its own duplicates, of those that an account may see."""
    links = [col(Referral.duplicate_of_id) == referral.id]
    if referral.duplicate_of_id is not None:
        links.append(col(Referral.id) == referral.duplicate_of_id)
    query = select(Referral).where(or_(*links), *visible(account))
    return session.exec(query.order_by(col(Referral.received_at), col(Referral.id)).limit(_MOST_SHOWN)).all()


def find_shared(session: Session, account: StaffAccount, rows: Sequence[Row]) -> frozenset[UUID]:
    """Which dossiers of a page share a contact with another; whoever was closed as a duplicate no longer counts."""
    kept = (*visible(account), or_(col(Referral.outcome).is_(None), col(Referral.outcome) != Outcome.DUPLICATE))
    parts = []
    for name, column in (("email", col(Referral.email)), ("phone", col(Referral.phone))):
        values = {value for row in rows if (value := getattr(row.referral, name))}
        if values:
            part = select_columns(literal(name), column).where(column.in_(values), *kept)
            parts.append(part.group_by(column).having(func.count() > 1))
    if not parts:
        return frozenset()
    query: Any = union_all(*parts)
    shared = {(name, value) for name, value in session.exec(query)}
    return frozenset(
        row.referral.id
        for row in rows
        if row.referral.outcome is not Outcome.DUPLICATE
        and {("email", row.referral.email), ("phone", row.referral.phone)} & shared
    )


def forget_links(session: Session, referral_id: UUID) -> None:
    """Untie the duplicates of a dossier that is forgotten: nothing leads back to it."""
    session.exec(update(Referral).where(col(Referral.duplicate_of_id) == referral_id).values(duplicate_of_id=None))
