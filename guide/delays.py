"""The table of delays: what is due after how long. One place for the code, the texts on screen and the settings.

Source: the clock and the durations agreed with the Mission ESS. Working days leave out weekends and the public
holidays of metropolitan France.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import takewhile

import holidays
from pydantic import BaseModel, ConfigDict, PositiveInt


class Delays(BaseModel):
    """Every delay and duration, with its unit in its name; each may be changed by ``GUIDE_DELAYS__<NAME>``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    review_working_days: PositiveInt = 2  # received, not reviewed: the Mission ESS is reminded
    contact_working_days: PositiveInt = 4  # assigned, no contact attempt: the adviser is reminded
    colleagues_working_days: PositiveInt = 8  # still none: colleagues too
    silence_days: PositiveInt = 7  # nothing that the person can see: she is told, in plain words
    still_in_days: PositiveInt = 7  # asked whether she still goes on, no answer: she may be said to be unreachable
    link_reminder_days: PositiveInt = 10  # sent by link, no answer
    link_expiry_days: PositiveInt = 30  # still none: expired
    satisfaction_days: PositiveInt = 10  # after closing: two questions
    question_days: PositiveInt = 30  # the link of both questions lives so long
    news_months: PositiveInt = 6  # after closing: "où en est votre projet ?"
    anonymised_months: PositiveInt = 24  # after the last contact
    tracking_days: PositiveInt = 30  # a tracking link lives as long as the request is open, and this much longer
    code_minutes: PositiveInt = 15
    code_tries: PositiveInt = 5
    invitation_days: PositiveInt = 7
    first_invitation_minutes: PositiveInt = 15  # the first administrator's
    password_reset_minutes: PositiveInt = 15
    session_idle_minutes: PositiveInt = 30
    session_hours: PositiveInt = 8
    account_idle_months: PositiveInt = 12  # a staff account that nobody uses is disabled
    unknown_words_months: PositiveInt = 6  # words that the assistant did not know
    log_days: PositiveInt = 1  # what is counted against abuse


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    """Whether people are at work that day."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def _days_after(start: date) -> Iterator[date]:
    day = start
    while True:
        day += timedelta(days=1)
        yield day


def add_working_days(start: date, count: int, off: frozenset[date] = frozenset()) -> date:
    """The day that comes ``count`` working days after ``start``, itself not counted; ``off``: days of leave."""
    for day in _days_after(start):
        count -= is_working_day(day) and day not in off
        if count <= 0:
            return day
    raise AssertionError  # days never end


def count_working_days(start: date, end: date) -> int:
    """How many working days have passed after ``start``, up to ``end`` included."""
    return sum(is_working_day(day) for day in takewhile(lambda day: day <= end, _days_after(start)))


def add_months(day: date, count: int) -> date:
    """The same day some months later (earlier when negative), or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(following - timedelta(days=1), date(year, month + 1, 1) + timedelta(days=day.day - 1))
