"""Meeting: an appointment is set, moved, held, missed or called off; both sides are reminded the day before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session

from guide.days import PARIS, paris_day
from guide.errors import IllegalMoveError
from guide.handling import (
    expect,
    expect_no_more,
    follow_contact,
    note_contact,
    take_open_referral,
    tell_person,
    write_line,
)
from guide.models import Appointment, ContactAttempt, JournalLine, Referral, StaffAccount
from guide.models.appointment import AppointmentMode, AppointmentState
from guide.models.journal import Channel, LineKind
from guide.models.outgoing import MailTemplate
from guide.outbox import announce
from guide.store import appointments
from guide.text import typeset


@dataclass(frozen=True, slots=True)
class Slot:
    """When, how long, how and where."""

    starts_at: datetime
    minutes: int
    mode: AppointmentMode
    place: str | None


def set_appointment(
    session: Session,
    account: StaffAccount,
    reference: str,
    slot: Slot,
    *,
    version: int,
    message: str | None,
    at: datetime,
    appointment_id: UUID | None = None,
) -> None:
    """Set an appointment, or move the one that is named, and tell the person.

    Raises StaleError, ClosedError, NotInformedError, and IllegalMoveError for one that is over.
    """
    referral = take_open_referral(session, account, reference, version)
    if appointment_id is None:
        appointment = Appointment(
            referral_id=referral.id,
            staff_id=account.id,
            line_id=referral.id,  # until its line is written
            created_at=at,
            starts_at=slot.starts_at,
            minutes=slot.minutes,
            mode=slot.mode,
            place=slot.place,
        )
    else:
        appointment = appointments.get_appointment(session, referral.id, appointment_id)
        if not appointment.is_planned:
            raise IllegalMoveError(appointment.state.label, AppointmentState.PLANNED.label)
        appointment.starts_at, appointment.minutes = slot.starts_at, slot.minutes
        appointment.mode, appointment.place = slot.mode, slot.place
        appointment.sequence += 1
        appointment.reminded_at = None
    moved = "Rendez-vous déplacé" if appointment_id else "Rendez-vous"
    appointment.line_id = _write(session, referral, account, f"{moved} : {appointment.said}.", at).id
    session.add(appointment)
    expect(referral, paris_day(slot.starts_at), _AWAITED)
    tell_person(session, referral, account.id, _with(message, appointment), at=at)


def end_appointment(
    session: Session,
    account: StaffAccount,
    reference: str,
    appointment_id: UUID,
    state: AppointmentState,
    *,
    version: int,
    message: str | None,
    at: datetime,
) -> None:
    """Say what became of an appointment; one that was held or missed is an attempt to reach the person as well.

    Raises IllegalMoveError, which names both states, StaleError, ClosedError, NotInformedError.
    """
    referral = take_open_referral(session, account, reference, version)
    appointment = appointments.get_appointment(session, referral.id, appointment_id)
    appointment.end(state)
    expect_no_more(referral, _AWAITED)
    _write(session, referral, account, f"{_ENDED[state]} : {appointment.said}.", at)
    if state is not AppointmentState.CANCELLED:
        held = state is AppointmentState.HELD
        channel = Channel.PHONE if appointment.mode is AppointmentMode.PHONE else Channel.MEETING
        session.add(ContactAttempt(referral_id=referral.id, at=at, channel=channel, reached=held, staff_id=account.id))
        if held:
            note_contact(session, referral, at)
            follow_contact(session, referral, account, met=channel is Channel.MEETING, at=at)
    tell_person(session, referral, account.id, message, at=at)


_AWAITED = "Rendez-vous prévu"
_ENDED = {
    AppointmentState.HELD: "Rendez-vous tenu",
    AppointmentState.MISSED: "Rendez-vous manqué",
    AppointmentState.CANCELLED: "Rendez-vous annulé",
}


def _write(session: Session, referral: Referral, account: StaffAccount, text: str, at: datetime) -> JournalLine:
    text = typeset(text)
    return write_line(session, referral, LineKind.APPOINTMENT, at=at, staff_id=account.id, text=text, visible=True)


def _with(message: str | None, appointment: Appointment) -> str | None:
    return f"{message}\n\n– {appointment.said}" if message else None


def list_due_tomorrow(session: Session, *, now: datetime) -> Sequence[Appointment]:
    """List the appointments of tomorrow of which nobody was reminded; one that was made today needs no reminder."""
    today = paris_day(now)
    tomorrow, after = _midnight(today + timedelta(days=1)), _midnight(today + timedelta(days=2))
    return appointments.list_to_remind(session, made_before=_midnight(today), start=tomorrow, end=after)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def remind(session: Session, appointment_id: UUID, *, at: datetime, due: datetime) -> bool:
    """Remind both sides of an appointment, once, however often this is asked; say whether it was to be done."""
    appointment = session.get(Appointment, appointment_id, with_for_update=True)
    if appointment is None or not appointment.is_planned or appointment.reminded_at is not None:
        return False
    appointment.reminded_at = at
    referral = session.get_one(Referral, appointment.referral_id)
    about = {"referral_id": referral.id, "line_id": appointment.line_id}
    if referral.email and referral.may_be_written_to:
        announce(session, MailTemplate.APPOINTMENT_TOMORROW, at=at, due=due, **about)
    announce(session, MailTemplate.APPOINTMENT_OF_TEAM, at=at, due=due, account_id=appointment.staff_id, **about)
    return True
