"""Days and hours as people type them in a form, read or refused in French."""

import re
from datetime import date, timedelta

from wtforms import ValidationError

from guide.days import today

_ISO, _FRENCH = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
_FARTHEST = timedelta(days=730)


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
