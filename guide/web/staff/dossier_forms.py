"""The forms of a dossier: a change of state, an attempt to reach the person, a message, a note."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import HiddenField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the published types are older

from guide.following import FirstContact, Move
from guide.models import Referral, StaffAccount
from guide.models.journal import Channel
from guide.models.referral import MOVES, Informed, Outcome, ReferralState
from guide.text import printable_lines
from guide.web.shared.forms import SentForm

LONGEST = 4000  # signs
_NOBODY = SelectChoice("", "Choisir")


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


class MessageForm(SentForm):
    """A message for the person."""

    text = long_text("Votre message")

    def validate_text(self, field: TextAreaField) -> None:
        """Something to say, as long as a letter."""
        written(field)


class NoteForm(SentForm):
    """A note for the team."""

    note = long_text("Votre note")

    def validate_note(self, field: TextAreaField) -> None:
        """Something to say, as long as a letter."""
        written(field)


class AttemptForm(SentForm):
    """An attempt to reach the person."""

    channel = RadioField(
        "Comment ?", choices=[SelectChoice(each.value, each.label) for each in Channel], validate_choice=False
    )
    reached = RadioField(
        "Avez-vous joint la personne ?",
        choices=[SelectChoice("oui", "Oui"), SelectChoice("non", "Non, pas de réponse")],
        validate_choice=False,
    )

    informed = RadioField(
        "Comment avez-vous informé la personne ?",
        choices=[SelectChoice(each.value, each.label) for each in Informed],
        validate_choice=False,
    )
    agreed = RadioField(
        "Est-elle d’accord pour être accompagnée et recevoir nos courriels ?",
        choices=[SelectChoice("oui", "Oui"), SelectChoice("non", "Non, ou pas encore")],
        validate_choice=False,
    )

    def __init__(self, *, must_inform: bool = False, **given: Any) -> None:
        """``must_inform``: the person came by the table, and nobody has told her yet."""
        super().__init__(**given)
        self.must_inform = must_inform

    @property
    def first(self) -> FirstContact | None:
        """What the first contact records of somebody who came by the table; only once validated."""
        if not self._asks_about_the_first():
            return None
        return FirstContact(Informed.of(self.typed("informed")), self.typed("agreed") == "oui")

    def _asks_about_the_first(self) -> bool:
        return self.must_inform and self.typed("reached") == "oui"

    def validate_informed(self, field: RadioField) -> None:
        """Whoever is reached for the first time is told where her name comes from."""
        if self._asks_about_the_first() and field.data not in {each.value for each in Informed}:
            raise ValidationError("Dites comment la personne a su d’où vient son nom et quels sont ses droits.")

    def validate_agreed(self, field: RadioField) -> None:
        """Yes or no, as she said it."""
        if self._asks_about_the_first() and field.data not in ("oui", "non"):
            raise ValidationError("Dites si la personne est d’accord.")

    def validate_channel(self, field: RadioField) -> None:
        """One of the channels."""
        if field.data not in {each.value for each in Channel}:
            raise ValidationError("Choisissez comment vous avez essayé.")

    def validate_reached(self, field: RadioField) -> None:
        """Yes or no."""
        if field.data not in ("oui", "non"):
            raise ValidationError("Dites si vous avez joint la personne.")


class MoveForm(SentForm):
    """A change of state: which one, to whom, with which outcome and which words for the person."""

    to = RadioField("Nouvel état", validate_choice=False)
    assignee = SelectField("À qui (si vous confiez le dossier)", validate_choice=False)
    outcome = SelectField("Issue (si vous fermez le dossier)", validate_choice=False)
    word = long_text("Un mot pour la personne")
    version = HiddenField()

    def __init__(self, referral: Referral, assignable: Sequence[StaffAccount], **given: Any) -> None:
        """``assignable``: who may be given the referral."""
        super().__init__(**given)
        self.assignable = {str(account.id): account for account in assignable}
        self.to.choices = [SelectChoice(state.value, state.label) for state in MOVES[referral.state]]
        people = [SelectChoice(key, f"{who.name} ({who.role.label})") for key, who in self.assignable.items()]
        self.assignee.choices = [_NOBODY, *people]
        self.outcome.choices = [_NOBODY, *(SelectChoice(each.value, each.label) for each in Outcome)]

    def validate_to(self, field: RadioField) -> None:
        """A state that exists; whether it may follow is the use case's to say."""
        if field.data not in {state.value for state in ReferralState}:
            raise ValidationError("Choisissez le nouvel état.")

    def validate_assignee(self, field: SelectField) -> None:
        """Somebody, when the referral is given."""
        if self.to.data == ReferralState.ASSIGNED and field.data not in self.assignable:
            raise ValidationError("Choisissez à qui confier le dossier.")

    def validate_outcome(self, field: SelectField) -> None:
        """An outcome, when it is closed."""
        if self.to.data == ReferralState.CLOSED and field.data not in {each.value for each in Outcome}:
            raise ValidationError("Choisissez l’issue : elle compte pour le bilan.")

    def validate_word(self, field: TextAreaField) -> None:
        """A word, when it is closed: nobody is left without one."""
        if self.to.data == ReferralState.CLOSED and not field.data:
            raise ValidationError("Écrivez un mot à la personne : aucun dossier n’est fermé sans message.")
        bounded(field)

    @property
    def move(self) -> Move:
        """What is asked, typed; what goes with another state is left aside."""
        to, version = ReferralState.of(self.typed("to")), self.typed("version")
        return Move(
            to=to,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
            outcome=Outcome.of(self.typed("outcome")) if to is ReferralState.CLOSED else None,
            assignee=UUID(self.typed("assignee")) if to is ReferralState.ASSIGNED else None,
            text=self.typed("word") or None,
        )
