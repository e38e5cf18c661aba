"""What forms that are sent have in common: their problems, said in French, one per field."""

from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm

from guide.text import typeset


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: the field it belongs to, and what to do."""

    field: str
    text: str


class SentForm(FlaskForm):  # type: ignore[misc] # flask-wtf publishes no types
    """A form that is POSTed. Its token was checked before the view (guide.web.shared.kept): templates write it."""

    class Meta:
        """No second token."""

        csrf = False

    @property
    def problems(self) -> list[Problem]:
        """What to correct, in the order of the fields, one line each."""
        return [Problem(field.name, typeset(str(field.errors[0]))) for field in self if field.errors]

    def typed(self, name: str) -> str:
        """What was typed in a field."""
        return str(self[name].data or "")

    def refuse(self, name: str, text: str) -> None:
        """Refuse a field for a reason that only the use case knows."""
        field: Any = self[name]
        field.errors = [*field.errors, text]
