"""Two people on one dossier: what one saw when her form was made, and what the other did meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass

from wtforms import HiddenField

from guide.errors import GuideError, StaleError
from guide.models import JournalLine, Referral
from guide.models.journal import LineKind
from guide.web.shared.forms import SentForm

_STALE = "Quelqu’un a changé ce dossier pendant que vous écriviez. Votre texte est gardé : relisez, puis recommencez."


class SeenForm(SentForm):
    """A form that changes a dossier: it carries the version that was on screen, and the last line of its journal."""

    version = HiddenField()
    seen = HiddenField()

    def show(self, referral: Referral, lines: Sequence[JournalLine]) -> None:
        """Carry what the page shows now."""
        self.version.data = str(referral.version)
        self.seen.data = str(lines[-1].id) if lines else ""

    @property
    def seen_version(self) -> int:
        """The version that was on screen; 0, which none has, for anything else."""
        version = self.typed("version")
        return int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a gesture was not done, and what somebody else did since the page was read."""

    text: str
    lines: Sequence[JournalLine] = ()


def refusal_of(error: GuideError, form: SeenForm, lines: Sequence[JournalLine]) -> Refusal:
    """Say why a gesture was refused; keys are ordered by time, so that what came after the page is known."""
    if not isinstance(error, StaleError):
        return Refusal(str(error))
    seen = form.typed("seen")
    return Refusal(_STALE, [line for line in lines if str(line.id) > seen > "" and line.kind is not LineKind.READ])
