"""Imports of tables: those that wait, what they brought, and who must not come back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from guide.errors import NotFoundError
from guide.models import ForgottenHolder, ImportedRow, Referral, StaffAccount, TableImport
from guide.tables.comparing import Known, Somebody


def get_import(session: Session, import_id: UUID, *, for_update: bool = False) -> TableImport:
    """Get an import; raise NotFoundError."""
    query = select(TableImport).where(TableImport.id == import_id)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.exec(query).first()
    if found is None:
        raise NotFoundError
    return found


def list_done(session: Session, most: int = 10) -> Sequence[tuple[TableImport, StaffAccount]]:
    """List the last imports and who made them, newest first."""
    query = select(TableImport, StaffAccount).join(StaffAccount).where(col(TableImport.done_at).is_not(None))
    return session.exec(query.order_by(col(TableImport.done_at).desc()).limit(most)).all()


def list_waiting(session: Session, account_id: UUID, since: datetime) -> Sequence[TableImport]:
    """List what somebody sent and has not confirmed, newest first."""
    waiting = (TableImport.account_id == account_id, col(TableImport.sealed).is_not(None))
    query = select(TableImport).where(*waiting, col(TableImport.created_at) > since)
    return session.exec(query.order_by(col(TableImport.created_at).desc())).all()


def list_brought(session: Session, import_id: UUID, most: int) -> Sequence[Referral]:
    """List the dossiers that an import made or changed, newest first."""
    query = select(Referral).join(ImportedRow).where(ImportedRow.import_id == import_id)
    return session.exec(query.order_by(col(Referral.received_at).desc(), col(Referral.id)).limit(most)).all()


def purge(session: Session, *, waiting_before: datetime, forgotten_before: datetime) -> None:
    """Remove the tables that nobody confirmed, and the marks of people forgotten for long."""
    old = (col(TableImport.done_at).is_(None), col(TableImport.created_at) <= waiting_before)
    session.exec(delete(TableImport).where(*old))
    session.exec(delete(ForgottenHolder).where(col(ForgottenHolder.forgotten_at) <= forgotten_before))


def find_row(session: Session, referral_id: UUID) -> ImportedRow | None:
    """Find what the table said of somebody."""
    return session.exec(select(ImportedRow).where(ImportedRow.referral_id == referral_id)).first()


def get_row(session: Session, row_id: UUID) -> ImportedRow:
    """Get a row that was imported before."""
    return session.get_one(ImportedRow, row_id)


def list_known(session: Session) -> list[Known]:
    """List the rows that were imported before, oldest first."""
    query: Any = select(ImportedRow.id, ImportedRow.referral_id, Referral.reference, ImportedRow.said).join(Referral)
    return [Known(*row) for row in session.exec(query.order_by(col(ImportedRow.id)))]


def list_people(session: Session) -> list[Somebody]:
    """List who has a dossier, as far as it may be the same person, oldest first."""
    columns = (Referral.id, Referral.reference, Referral.name, Referral.email, Referral.phone, Referral.commune)
    query: Any = select(*columns).where(col(Referral.anonymised_at).is_(None))  # type: ignore[call-overload]
    return [Somebody(*row) for row in session.exec(query.order_by(col(Referral.id)))]


def list_forgotten(session: Session) -> frozenset[str]:
    """The marks of people who must not come back."""
    return frozenset(session.exec(select(ForgottenHolder.identity)))


def forget(session: Session, referral_id: UUID, *, at: datetime) -> None:
    """Remove what the table said of somebody, and keep a mark tied to nothing, so that no table brings her back."""
    if (row := find_row(session, referral_id)) is not None:
        session.add_all(ForgottenHolder(identity=identity, forgotten_at=at) for identity in row.identities)
        session.delete(row)
        session.flush()
