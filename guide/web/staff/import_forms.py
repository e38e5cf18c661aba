"""The forms of an import: the file, then what to do of it."""

from typing import Any

from wtforms import BooleanField, FileField, HiddenField, ValidationError

from guide.importing.confirming import Choice
from guide.importing.waiting import Preview
from guide.web.shared.forms import SentForm


class ImportForm(SentForm):
    """A table to read."""

    table = FileField("Le tableau")

    def validate_table(self, field: Any) -> None:
        """A file was chosen."""
        if not field.data or not field.data.filename:
            raise ValidationError("Choisissez un fichier CSV ou XLSX.")

    def read(self) -> bytes:
        """The bytes of the file, bounded by what the request may hold."""
        content: bytes = self.table.data.read()
        return content


class ChoiceForm(SentForm):
    """What to do of a table, seen on screen."""

    digest = HiddenField()
    without_errors = BooleanField("Importer sans les lignes en erreur")
    without_doubles = BooleanField("Laisser aussi de côté les doublons possibles")

    def __init__(self, preview: Preview, **given: Any) -> None:
        """``preview``: what is on screen."""
        super().__init__(**given)
        self.preview = preview

    def validate_without_errors(self, field: BooleanField) -> None:
        """Rows are left out on purpose, never by surprise."""
        if self.preview.problems and not field.data:
            raise ValidationError(
                "Cochez « Importer sans les lignes en erreur » pour laisser ces lignes de côté, "
                "ou corrigez le fichier et envoyez-le de nouveau."
            )

    @property
    def choice(self) -> Choice:
        """What was decided; only once validated."""
        return Choice(self.typed("digest"), bool(self.without_errors.data), bool(self.without_doubles.data))
