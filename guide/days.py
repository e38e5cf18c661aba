"""Days: which one it is where the guide is used, and how people say them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905 - reads as a year
)


def today() -> date:
    """Today in Paris: the engine itself knows no clock."""
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def month_and_year(day: date) -> str:
    """Say a month as people do: "novembre 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def full_date(day: date) -> str:
    """Say a whole date: "22 novembre 2026"."""
    return f"{'1er' if day.day == 1 else day.day} {month_and_year(day)}"
