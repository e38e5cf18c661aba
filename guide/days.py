"""Days: which one it is where the guide is used, and how people say them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905 - reads as a year
)


PARIS = ZoneInfo("Europe/Paris")
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def now() -> datetime:
    """This moment, in UTC: read at the door, then handed down."""
    return datetime.now(UTC)


def today() -> date:
    """Today in Paris: the engine itself knows no clock."""
    return paris_day(now())


def paris_day(moment: datetime) -> date:
    """The day that a moment falls on, in Paris."""
    return moment.astimezone(PARIS).date()


def month_and_year(day: date) -> str:
    """Say a month as people do: "novembre 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def full_date(day: date) -> str:
    """Say a whole date: "22 novembre 2026"."""
    return f"{'1er' if day.day == 1 else day.day} {month_and_year(day)}"


def weekday_date(day: date) -> str:
    """Say a day that is near: "mardi 24 novembre"."""
    return f"{_WEEKDAYS[day.weekday()]} {'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]}"


def day_and_hour(moment: datetime) -> str:
    """Say when something happened, in Paris: "mardi 24 novembre à 10 h 05"."""
    local = moment.astimezone(PARIS)
    minutes = f"\u00a0{local.minute:02}" if local.minute else ""
    return f"{weekday_date(local.date())} à {local.hour}\u00a0h{minutes}"
