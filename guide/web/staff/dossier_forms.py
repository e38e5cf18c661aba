"""The forms of a dossier: an attempt to reach the person, a message, a note, a change of state, the end."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the published types are older

from guide.contacting import Attempt, FirstContact
from guide.following import Closing, Move
from guide.models import Absence, Referral, StaffAccount
from guide.models.journal import Channel
from guide.models.referral import MOVES, Informed, Outcome, ReferralState
from guide.store.duplicates import Lookalike
from guide.web.shared.forms import SentForm
from guide.web.staff.absences import name_choices
from guide.web.staff.fields import bounded, day_field, labels, long_text, read_day, written
from guide.web.staff.seen import SeenForm

_NOBODY = SelectChoice("", "Choisir")


class MessageForm(SentForm):
    """A message for the person."""

    text = long_text("Votre message")

    def validate_text(self, field: TextAreaField) -> None:
        """Something to say, as long as a letter."""
        written(field)


class StillForm(SentForm):
    """The question asked to whoever cannot be reached."""

    question = long_text("Votre question")

    def validate_question(self, field: TextAreaField) -> None:
        """Something to say, as long as a letter."""
        written(field)


class NoteForm(SentForm):
    """A note for the team."""

    note = long_text("Votre note")

    def validate_note(self, field: TextAreaField) -> None:
        """Something to say, as long as a letter."""
        written(field)


class AttemptForm(SentForm):
    """An attempt to reach the person: its result, a note, and when the next one is, in one go."""

    reached = RadioField(
        "Avez-vous joint la personne ?",
        choices=[SelectChoice("oui", "Oui"), SelectChoice("non", "Non, pas de réponse")],
        validate_choice=False,
    )
    channel = RadioField("Comment ?", choices=labels(Channel), default=Channel.PHONE.value, validate_choice=False)
    note = long_text("Une note pour l’équipe")
    next_on = day_field("Prochain contact, le")

    informed = RadioField(
        "Comment avez-vous informé la personne ?",
        choices=labels(Informed),
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

    def validate_note(self, field: TextAreaField) -> None:
        """As long as a letter."""
        bounded(field)

    def validate_next_on(self, field: StringField) -> None:
        """A day to come, or nothing."""
        if field.data:
            read_day(field.data)

    @property
    def attempt(self) -> Attempt:
        """What is recorded, typed."""
        return Attempt(
            channel=Channel.of(self.typed("channel")),
            reached=self.typed("reached") == "oui",
            note=self.typed("note") or None,
            next_on=read_day(self.typed("next_on")) if self.typed("next_on") else None,
            first=self.first,
        )

    def validate_reached(self, field: RadioField) -> None:
        """Yes or no."""
        if field.data not in ("oui", "non"):
            raise ValidationError("Dites si vous avez joint la personne.")


class MoveForm(SeenForm):
    """A change of state, closing apart: which one, to whom, with which words for the person."""

    to = RadioField("Nouvel état", validate_choice=False)
    assignee = SelectField("À qui (si vous confiez le dossier)", validate_choice=False)
    word = long_text("Un mot pour la personne")

    def __init__(
        self, referral: Referral, assignable: Sequence[StaffAccount], away: Mapping[UUID, Absence], **given: Any
    ) -> None:
        """``assignable``: who may be given the referral; ``away``: who is not there today."""
        super().__init__(**given)
        self.assignable = {str(account.id): account for account in assignable}
        moves = [state for state in MOVES[referral.state] if state is not ReferralState.CLOSED]
        self.to.choices = [SelectChoice(state.value, state.label) for state in moves]
        self.assignee.choices = name_choices(assignable, away)

    def validate_to(self, field: RadioField) -> None:
        """A state that exists; whether it may follow is the use case's to say."""
        if field.data not in {state.value for state in ReferralState}:
            raise ValidationError("Choisissez le nouvel état.")

    def validate_assignee(self, field: SelectField) -> None:
        """Somebody, when the referral is given."""
        if self.to.data == ReferralState.ASSIGNED and field.data not in self.assignable:
            raise ValidationError("Choisissez à qui confier le dossier.")

    def validate_word(self, field: TextAreaField) -> None:
        """As long as a letter."""
        bounded(field)

    @property
    def move(self) -> Move:
        """What is asked, typed; what goes with another state is left aside."""
        to = ReferralState.of(self.typed("to"))
        return Move(
            to=to,
            version=self.seen_version,
            assignee=UUID(self.typed("assignee")) if to is ReferralState.ASSIGNED else None,
            text=self.typed("word") or None,
        )


class CloseForm(SeenForm):
    """The end of a dossier: an outcome and a word; nobody is left without one."""

    outcome = SelectField("Comment cela se termine", choices=[_NOBODY, *labels(Outcome)], validate_choice=False)
    duplicate_of = RadioField("Si c’est un doublon : quel dossier continue ?", validate_choice=False)
    other_reference = StringField("La référence du dossier qui continue")
    word = long_text("Le message pour la personne")

    def __init__(self, alike: Sequence[Lookalike], **given: Any) -> None:
        """``alike``: the dossiers that may be of the same person."""
        super().__init__(**given)
        self.duplicate_of.choices = [
            SelectChoice(each.reference, f"{each.reference}, {each.name} ({each.why})") for each in alike
        ]

    def validate_other_reference(self, _: StringField) -> None:
        """A duplicate says of which dossier."""
        if self.outcome.data == Outcome.DUPLICATE and not self._continuing:
            raise ValidationError("Pour un doublon, dites quel dossier continue : sa référence, comme ESS-2B4K7M.")

    @property
    def _continuing(self) -> str:
        """The reference that was typed, else the one that was chosen."""
        return "".join(self.typed("other_reference").upper().split()) or self.typed("duplicate_of")

    def validate_outcome(self, field: SelectField) -> None:
        """One of the outcomes."""
        if field.data not in {each.value for each in Outcome}:
            raise ValidationError("Choisissez l’issue : elle compte pour le bilan.")

    def validate_word(self, field: TextAreaField) -> None:
        """A word: nobody is closed without one."""
        if not field.data:
            raise ValidationError("Écrivez un mot à la personne : aucun dossier n’est fermé sans message.")
        bounded(field)

    @property
    def closing(self) -> Closing:
        """What is asked, typed."""
        outcome = Outcome.of(self.typed("outcome"))
        return Closing(outcome, self.typed("word"), self.seen_version, self._continuing or None)
