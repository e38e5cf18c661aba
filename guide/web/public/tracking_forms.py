"""The forms of the tracking page: a word, a code, what may be corrected, a lost link."""

import re
from typing import Any

from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField

from guide.contact import read_email, read_phone
from guide.models.feedback import ANSWERS, FeedbackAnswer
from guide.questioning import Question
from guide.text import printable, printable_lines
from guide.tracking import LONGEST_MESSAGE
from guide.web.public.request_form import CALL_CHOICES, ContactFields, RequestForm, read_contact, refuse
from guide.web.shared.forms import SentForm

_LONGEST_WORD = 2000  # signs


class MessageForm(SentForm):
    """A word for whoever has the request."""

    text = TextAreaField("Votre message", filters=[lambda text: printable_lines(text or "", LONGEST_MESSAGE + 1000)])

    def validate_text(self, field: TextAreaField) -> None:
        """Something to say, as long as a letter."""
        if not field.data:
            raise refuse("Écrivez votre message.")
        if len(field.data) > LONGEST_MESSAGE:
            raise refuse(f"Ce message est trop long : {LONGEST_MESSAGE} signes au plus, il y en a {len(field.data)}.")


class FeedbackForm(SentForm):
    """Two questions: one answer, and a word if one likes."""

    answer = RadioField("Votre réponse", validate_choice=False)
    text = TextAreaField("Un mot de plus ?", filters=[lambda text: printable_lines(text or "", 3000)])

    def __init__(self, question: Question) -> None:
        """What was answered already is there, to be changed."""
        kept = question.given
        super().__init__(data={"answer": kept.answer.value, "text": kept.text} if kept else None)
        self.offered = {each.value: each for each in ANSWERS[question.kind]}
        self.answer.choices = [(value, each.label) for value, each in self.offered.items()]

    def validate_answer(self, field: RadioField) -> None:
        """One of the answers."""
        if field.data not in self.offered:
            raise refuse("Choisissez une réponse.")

    def validate_text(self, field: TextAreaField) -> None:
        """Nothing, or a few lines."""
        if len(field.data or "") > _LONGEST_WORD:
            raise refuse(f"C’est trop long : {_LONGEST_WORD} signes au plus, il y en a {len(field.data or '')}.")

    @property
    def given(self) -> FeedbackAnswer:
        """What was chosen; only once validated."""
        return self.offered[self.typed("answer")]


class CodeForm(SentForm):
    """The code that opens the data."""

    code = StringField("Le code à six chiffres", filters=[lambda text: "".join((text or "")[:40].split())])

    def validate_code(self, field: StringField) -> None:
        """Six digits, with or without spaces."""
        if not re.fullmatch("[0-9]{6}", field.data or ""):
            raise refuse("Le code a six chiffres, comme 123 456.")


class CorrectionForm(ContactFields):
    """What a person may correct of her request."""

    name = StringField("Votre prénom et votre nom", filters=[lambda text: printable(text or "", 121).strip()])
    project_name = StringField(
        "Le nom du projet ou de la structure", filters=[lambda text: printable(text or "", 161).strip()]
    )
    words = TextAreaField("Votre projet en quelques lignes", filters=[lambda text: printable_lines(text or "", 5000)])
    call_when = SelectMultipleField("Quand vous appeler ?", choices=CALL_CHOICES, validate_choice=False)

    validate_name = RequestForm.validate_name
    validate_project_name = RequestForm.validate_project_name
    validate_words = RequestForm.validate_words
    validate_call_when = RequestForm.validate_call_when

    @property
    def changes(self) -> dict[str, Any]:
        """What the person now says; an empty box is nothing."""
        said = {name: self[name].data or None for name in ("name", "email", "phone", "project_name", "words")}
        return said | {"call_when": list(self.call_when.data or [])}


class LostLinkForm(SentForm):
    """The contact that was given with the request."""

    contact = StringField(
        "Votre adresse électronique ou votre téléphone", filters=[lambda text: printable(text or "", 254).strip()]
    )
    email: str | None = None
    phone: str | None = None

    def validate_contact(self, field: StringField) -> None:
        """An address when there is an @, else a telephone."""
        if not field.data:
            raise refuse("Écrivez l’adresse ou le téléphone donné avec la demande.")
        if "@" in field.data:
            self.email = read_contact(read_email, field.data)
        else:
            self.phone = read_contact(read_phone, field.data)
