"""Deadlines turned round: whoever began before a limit is late, and nobody else, holidays and leave included."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.days import paris_day
from guide.deadlines import draw_limits, earliest_in_time, midnight, spread
from guide.delays import Delays, add_working_days, count_working_days

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
NOA = UUID(int=7)


@given(today=DAYS, waited=st.integers(0, 40), count=st.integers(1, 10), away=st.lists(DAYS, max_size=3))
def test_one_comparison_finds_what_is_late(today: date, waited: int, count: int, away: list[date]) -> None:
    began, off = today - timedelta(days=waited), frozenset(away)
    assert (began < earliest_in_time(today, count, off)) == (add_working_days(began, count, off) < today)


@given(start=DAYS, count=st.integers(1, 15))
def test_working_days_are_counted_as_they_are_added(start: date, count: int) -> None:
    assert count_working_days(start, add_working_days(start, count)) == count


@pytest.mark.parametrize(
    ("received", "late_from"),
    [
        ("2026-11-23", "2026-11-26"),  # a Monday: two working days, then it is late
        ("2026-11-27", "2026-12-02"),  # a Friday
        ("2026-05-07", "2026-05-13"),  # Victory Day (8 May) and a weekend in between
        ("2026-12-24", "2026-12-30"),
    ],
)
def test_a_request_is_late_the_day_after_its_second_working_day(received: str, late_from: str) -> None:
    moment = datetime.combine(date.fromisoformat(received), datetime.min.time(), UTC) + timedelta(hours=15)
    first = date.fromisoformat(late_from)
    for day, late in ((first - timedelta(days=1), False), (first, True)):
        limits = draw_limits(midnight(day) + timedelta(hours=9), Delays())
        assert (moment < limits.review) == late


def test_days_of_leave_do_not_count_for_whoever_was_away() -> None:
    now = midnight(date(2026, 11, 24)) + timedelta(hours=9)
    limits = draw_limits(now, Delays(), {NOA: [(date(2026, 11, 16), date(2026, 11, 20))]})
    assert paris_day(limits.contact) == date(2026, 11, 18)
    assert paris_day(limits.contact_of[NOA]) == date(2026, 11, 10)  # the 11th is a public holiday
    assert spread([(date(2026, 11, 16), date(2026, 11, 17))]) == {date(2026, 11, 16), date(2026, 11, 17)}


def test_nothing_moves_for_seven_days_before_it_is_to_chase() -> None:
    now = midnight(date(2026, 11, 24)) + timedelta(hours=9)
    limits = draw_limits(now, Delays())
    assert midnight(date(2026, 11, 17)) + timedelta(hours=18) < limits.stillness
    assert midnight(date(2026, 11, 18)) >= limits.stillness
