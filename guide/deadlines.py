"""Deadlines: what the table of delays means today. Pure: a moment and a table in, limits out.

A limit is turned round so that one comparison finds what is late: whoever has waited since before it is late. A day of
grace is counted: what is due on a day is late from the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from guide.days import PARIS, paris_day
from guide.delays import Delays, add_working_days

Leave = tuple[date, date]  # an absence: its first and its last day


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one moment; ``contact_of`` and ``colleagues_of`` hold those of people who were away, by account."""

    at: datetime
    today: date
    review: datetime
    contact: datetime
    stillness: datetime
    colleagues: datetime
    contact_of: Mapping[UUID, datetime] = field(default_factory=dict)
    colleagues_of: Mapping[UUID, datetime] = field(default_factory=dict)


def draw_limits(now: datetime, delays: Delays, leaves: Mapping[UUID, Sequence[Leave]] | None = None) -> Limits:
    """Draw the limits of a moment; days of leave do not count for whoever was away."""
    today = paris_day(now)
    calling, helping = delays.contact_working_days, delays.colleagues_working_days
    off = {account: spread(away) for account, away in (leaves or {}).items()}

    def began(count: int, away: frozenset[date] = frozenset()) -> datetime:
        return midnight(earliest_in_time(today, count, away))

    return Limits(
        at=now,
        today=today,
        review=began(delays.review_working_days),
        contact=began(calling),
        colleagues=began(helping),
        stillness=midnight(today - timedelta(days=delays.silence_days - 1)),
        contact_of={account: began(calling, away) for account, away in off.items()},
        colleagues_of={account: began(helping, away) for account, away in off.items()},
    )


def earliest_in_time(today: date, count: int, off: frozenset[date] = frozenset()) -> date:
    """The first day of which the deadline, ``count`` working days later, is not over today."""
    day = today
    while add_working_days(day - timedelta(days=1), count, off) >= today:
        day -= timedelta(days=1)
    return day


def spread(leaves: Sequence[Leave]) -> frozenset[date]:
    """Every day of some absences."""
    return frozenset(
        first + timedelta(days=number) for first, last in leaves for number in range((last - first).days + 1)
    )


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Paris."""
    return datetime.combine(day, time(), PARIS)
