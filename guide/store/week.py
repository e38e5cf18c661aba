"""What happens in a week: answers of structures, appointments of somebody of the team."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from guide.models import Appointment, Introduction, Referral, StaffAccount
from guide.models.appointment import AppointmentState
from guide.models.introduction import IntroductionState
from guide.store.desk import visible

_ANSWERS = (IntroductionState.ACCEPTED, IntroductionState.DECLINED, IntroductionState.WAITLISTED)


def count_answers(session: Session, account: StaffAccount, since: datetime) -> int:
    """How many structures have answered since a moment, for the dossiers that an account may see."""
    answered = (col(Introduction.state).in_(_ANSWERS), col(Introduction.state_since) > since)
    query = select(func.count()).select_from(Introduction).join(Referral)
    return session.exec(query.where(*answered, *visible(account))).one()


def count_appointments(session: Session, account: StaffAccount, after: datetime, before: datetime) -> int:
    """How many appointments somebody has between two moments."""
    planned = (col(Appointment.state) == AppointmentState.PLANNED, col(Appointment.staff_id) == account.id)
    query = select(func.count()).select_from(Appointment)
    return session.exec(query.where(*planned, col(Appointment.starts_at).between(after, before))).one()
