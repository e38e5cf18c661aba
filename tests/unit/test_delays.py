"""The table of delays: working days of France, months of unequal length."""

from datetime import date

import pytest

from guide.delays import Delays, add_months, add_working_days, is_working_day


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 11, 24), 2, date(2026, 11, 26)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # a weekend
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # from a Saturday
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # Christmas, then a weekend
        (date(2026, 4, 30), 2, date(2026, 5, 5)),  # 1 May
    ],
)
def test_working_days_leave_out_weekends_and_public_holidays(start: date, count: int, expected: date) -> None:
    assert add_working_days(start, count) == expected


def test_alsace_is_elsewhere_good_friday_is_worked() -> None:
    assert is_working_day(date(2026, 4, 3))
    assert not is_working_day(date(2026, 4, 6))


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 24), 24, date(2028, 11, 24)),
        (date(2026, 11, 24), -11, date(2025, 12, 24)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_months_end_where_they_can(start: date, count: int, expected: date) -> None:
    assert add_months(start, count) == expected


def test_a_delay_is_a_positive_number() -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        Delays(review_working_days=0)
