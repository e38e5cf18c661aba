"""What the forms of the team have in common: choices of an enumeration, long texts, days typed as people type them."""

import re
from datetime import date, time, timedelta
from typing import Any

from wtforms import StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the published types are older

from guide.days import today
from guide.text import printable, printable_lines

LONGEST = 4000  # signs
_ISO, _FRENCH = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
_HOUR = re.compile(r"(\d{1,2})(?:\s*[hH:]\s*(\d{2})?)?")
_FARTHEST = timedelta(days=730)


def labels(members: type[Any]) -> list[SelectChoice]:
    """The choices of an enumeration, in French."""
    return [SelectChoice(each.value, each.label) for each in members]


def day_field(label: str) -> StringField:
    """A box for a day; read_day reads it."""
    return StringField(label, filters=[lambda text: printable(text or "", 20).strip()])


def long_text(label: str) -> TextAreaField:
    """A box for several lines."""
    return TextAreaField(label, filters=[lambda text: printable_lines(text or "", LONGEST + 1000)])


def written(field: TextAreaField) -> None:
    """Something, as long as a letter."""
    if not field.data:
        raise ValidationError("Écrivez quelque chose.")
    bounded(field)


def bounded(field: TextAreaField) -> None:
    """Nothing, or something as long as a letter."""
    if (length := len(field.data or "")) > LONGEST:
        raise ValidationError(f"Ce texte est trop long : {LONGEST} signes au plus, il y en a {length}.")


def read_hour(text: str) -> time:
    """Read an hour as people type it: 10 h, 10h30, 10:30; raise ValidationError."""
    found = _HOUR.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ValidationError("Écrivez l’heure comme 10 h 30.")
    return time(int(found[1]), int(found[2] or 0))


def read_day(text: str) -> date:
    """Read a day to come, within two years; raise ValidationError."""
    if found := _ISO.fullmatch(text):
        year, month, day = (int(number) for number in found.groups())
    elif found := _FRENCH.fullmatch(text):
        day, month, year = (int(number) for number in found.groups())
    else:
        raise ValidationError("Écrivez le jour comme 01/12/2026.")
    try:
        read = date(year, month, day)
    except ValueError:
        raise ValidationError("Ce jour n’existe pas dans le calendrier.") from None
    if not today() <= read <= today() + _FARTHEST:
        raise ValidationError("Choisissez un jour à venir, dans les deux ans.")
    return read
