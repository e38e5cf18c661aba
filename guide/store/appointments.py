"""Appointments: those of a referral, and those of which somebody is to be reminded."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from guide.errors import NotFoundError
from guide.models.appointment import Appointment, AppointmentState


def list_appointments(session: Session, referral_id: UUID) -> Sequence[Appointment]:
    """List the appointments of a referral, the earliest first."""
    query = select(Appointment).where(Appointment.referral_id == referral_id)
    return session.exec(query.order_by(col(Appointment.starts_at), col(Appointment.id))).all()


def list_coming(session: Session, referral_id: UUID, now: datetime) -> list[Appointment]:
    """List the appointments of a referral that are planned and not over."""
    return [each for each in list_appointments(session, referral_id) if each.is_planned and each.ends_at > now]


def get_appointment(session: Session, referral_id: UUID, appointment_id: UUID) -> Appointment:
    """Get one appointment of a referral; raise NotFoundError when it is not one of its own."""
    found = session.get(Appointment, appointment_id)
    if found is None or found.referral_id != referral_id:
        raise NotFoundError
    return found


def find_by_line(session: Session, line_id: UUID | None) -> Appointment | None:
    """Find the appointment that a line of the journal says."""
    return session.exec(select(Appointment).where(Appointment.line_id == line_id)).first()


def list_to_remind(session: Session, *, made_before: datetime, start: datetime, end: datetime) -> Sequence[Appointment]:
    """List the appointments between two moments of which nobody was reminded, made before another."""
    wanted = (
        Appointment.state == AppointmentState.PLANNED,
        col(Appointment.reminded_at).is_(None),
        col(Appointment.created_at) < made_before,
        col(Appointment.starts_at) >= start,
        col(Appointment.starts_at) < end,
    )
    return session.exec(select(Appointment).where(*wanted).order_by(col(Appointment.starts_at))).all()


def give_coming(session: Session, referral_id: UUID, owner: UUID | None, to: UUID, now: datetime) -> None:
    """Put what somebody had planned with a person in the hands of a colleague, who is then the one reminded."""
    for appointment in list_coming(session, referral_id, now):
        if appointment.staff_id == owner:
            appointment.staff_id = to


def cancel_planned(session: Session, referral_id: UUID, at: datetime) -> None:
    """Cancel what was planned with a person whose request ends."""
    for appointment in list_appointments(session, referral_id):
        if appointment.is_planned and appointment.starts_at > at:
            appointment.end(AppointmentState.CANCELLED)
