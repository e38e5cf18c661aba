"""The forms of an appointment: when, how and where; then what became of it."""

from datetime import datetime, time

from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the published types are older

from guide.days import PARIS, now
from guide.meeting import Slot
from guide.models import Appointment
from guide.models.appointment import AppointmentMode, AppointmentState
from guide.text import printable
from guide.web.staff.fields import bounded, day_field, labels, long_text, read_day, read_hour, written
from guide.web.staff.seen import SeenForm

_LENGTHS = {30: "30 minutes", 45: "45 minutes", 60: "1 heure", 90: "1 heure et demie", 120: "2 heures"}
_LONGEST_PLACE = 300  # signs
_ENDS = (AppointmentState.HELD, AppointmentState.MISSED, AppointmentState.CANCELLED)


class AppointmentForm(SeenForm):
    """When, how long, how and where, and the words for the person."""

    day = day_field("Le jour")
    hour = StringField("L’heure", filters=[lambda text: printable(text or "", 10).strip()])
    minutes = SelectField(
        "La durée",
        choices=[SelectChoice(str(length), label) for length, label in _LENGTHS.items()],
        default="60",
        validate_choice=False,
    )
    mode = RadioField("Comment ?", choices=labels(AppointmentMode), validate_choice=False)
    place = StringField(
        "Le lieu, ou le lien de la visio", filters=[lambda text: printable(text or "", _LONGEST_PLACE + 1).strip()]
    )
    word = long_text("Le message pour la personne")

    def fill(self, appointment: Appointment) -> None:
        """Start from what is set already."""
        local = appointment.starts_at.astimezone(PARIS)
        self.day.data, self.hour.data = f"{local:%d/%m/%Y}", f"{local:%H:%M}"
        self.minutes.data, self.mode.data = str(appointment.minutes), appointment.mode.value
        self.place.data = appointment.place or ""

    def validate_day(self, field: StringField) -> None:
        """A day to come."""
        read_day(field.data or "")

    def validate_hour(self, field: StringField) -> None:
        """An hour, and still to come when it is today."""
        hour = read_hour(field.data or "")
        try:
            moment = self._moment(hour)
        except ValidationError:  # said beside the day
            return
        if moment <= now():
            raise ValidationError("Cette heure est déjà passée.")

    def validate_minutes(self, field: SelectField) -> None:
        """One of the lengths."""
        if field.data not in {str(length) for length in _LENGTHS}:
            raise ValidationError("Choisissez une durée.")

    def validate_mode(self, field: RadioField) -> None:
        """One of the ways."""
        if field.data not in {each.value for each in AppointmentMode}:
            raise ValidationError("Choisissez comment vous vous parlerez.")

    def validate_place(self, field: StringField) -> None:
        """Where to go, or which link to open; nothing for a call."""
        if self.mode.data != AppointmentMode.PHONE and not field.data:
            raise ValidationError("Dites où, ou collez le lien de la visio.")
        if len(field.data or "") > _LONGEST_PLACE:
            raise ValidationError(f"Ce lieu est trop long : {_LONGEST_PLACE} signes au plus.")

    def validate_word(self, field: TextAreaField) -> None:
        """A message: nobody discovers an appointment alone."""
        written(field)

    def _moment(self, hour: time) -> datetime:
        return datetime.combine(read_day(self.typed("day")), hour, PARIS)

    @property
    def slot(self) -> Slot:
        """What is set, typed."""
        return Slot(
            starts_at=self._moment(read_hour(self.typed("hour"))),
            minutes=int(self.typed("minutes")),
            mode=AppointmentMode.of(self.typed("mode")),
            place=self.typed("place") or None,
        )


class EndForm(SeenForm):
    """What became of an appointment, and a word if one wishes."""

    state = RadioField(
        "Qu’est-il arrivé ?",
        choices=[SelectChoice(each.value, each.label) for each in _ENDS],
        validate_choice=False,
    )
    word_after = long_text("Un mot pour la personne")

    def validate_state(self, field: RadioField) -> None:
        """One of the ends."""
        if field.data not in {each.value for each in _ENDS}:
            raise ValidationError("Choisissez ce qui est arrivé.")

    def validate_word_after(self, field: TextAreaField) -> None:
        """A word is owed to whoever is called off."""
        if self.state.data == AppointmentState.CANCELLED and not field.data:
            raise ValidationError("Écrivez un mot à la personne : elle vous attend.")
        bounded(field)

    @property
    def end(self) -> AppointmentState:
        """What became of it."""
        return AppointmentState.of(self.typed("state"))
