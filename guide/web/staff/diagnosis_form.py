"""The form of a pre-diagnosis: four texts, and whether the person receives them."""

from typing import Any

from wtforms import ValidationError

from guide.models.diagnosis import Texts
from guide.web.staff.fields import bounded, long_text
from guide.web.staff.seen import SeenForm


class DiagnosisForm(SeenForm):
    """Four texts, as the person reads them; the version is that of the pre-diagnosis."""

    findings = long_text("Les constats")
    needs = long_text("Les besoins")
    interest = long_text("L’intérêt d’un parcours ou d’un dispositif")
    attention = long_text("Les points d’attention")

    def fill(self, texts: Texts) -> None:
        """Start from a draft, or from the last version."""
        self.findings.data, self.needs.data = texts.findings, texts.needs
        self.interest.data, self.attention.data = texts.interest, texts.attention

    def validate_findings(self, field: Any) -> None:
        """Something somewhere."""
        if self.texts.is_blank:
            raise ValidationError("Écrivez au moins une des quatre parties.")
        bounded(field)

    def validate_needs(self, field: Any) -> None:
        """As long as a letter."""
        bounded(field)

    validate_interest = validate_needs
    validate_attention = validate_needs

    @property
    def texts(self) -> Texts:
        """What was typed."""
        return Texts(*(self.typed(name) for name in ("findings", "needs", "interest", "attention")))
