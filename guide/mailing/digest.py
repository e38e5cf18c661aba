"""The week of somebody of the team: what is late, what is new, what was answered, whom they meet. Numbers, no names."""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from guide.days import paris_day
from guide.deadlines import draw_limits, midnight
from guide.delays import Delays
from guide.models import StaffAccount
from guide.store import narrowing, queue, week
from guide.store.narrowing import Filters
from guide.store.queue import Tab


@dataclass(frozen=True, slots=True)
class Week:
    """What somebody reads on a Monday morning."""

    late: int
    to_review: int
    to_assign: int
    to_chase: int
    new: int
    wrote: int
    answered: int
    appointments: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not any(astuple(self))


def gather_week(session: Session, account: StaffAccount, *, now: datetime, delays: Delays) -> Week:
    """Count what an account may see: since a week ago, and until the end of this one."""
    tabs = queue.count_tabs(session, account, Filters(), draw_limits(now, delays))
    ago, monday = now - timedelta(days=7), paris_day(now) - timedelta(days=paris_day(now).weekday())
    new, wrote = narrowing.count_since(session, account, ago)
    return Week(
        late=tabs[Tab.LATE],
        to_review=tabs[Tab.TO_REVIEW],
        to_assign=tabs[Tab.TO_ASSIGN],
        to_chase=tabs[Tab.TO_CHASE],
        new=new,
        wrote=wrote,
        answered=week.count_answers(session, account, ago),
        appointments=week.count_appointments(session, account, now, midnight(monday + timedelta(days=7))),
    )
