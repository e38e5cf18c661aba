"""The form of a request: the least that is needed to answer somebody, checked in plain words."""

from collections.abc import Callable, Sequence
from typing import Any

from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the published types are older
from wtforms.validators import ValidationError

from guide.contact import read_email, read_phone
from guide.content.base import KnowledgeBase
from guide.drafting import LONGEST_WORDS
from guide.errors import UnreadableContactError
from guide.territory import Suggestion
from guide.text import printable, printable_lines, typeset
from guide.web.public.places import explain_place
from guide.web.public.request_words import TO_THE_PERSON, WITH_THE_PERSON
from guide.web.shared.forms import Problem, SentForm

CALL_WHEN = (("matin", "Le matin"), ("midi", "Entre midi et deux"), ("apres-midi", "L’après-midi"), ("soir", "Le soir"))
CALL_CHOICES = [SelectChoice(*each) for each in CALL_WHEN]
SHORTEST_TIME = 5  # seconds: nobody reads two pages faster
_ORDER = tuple(WITH_THE_PERSON.why)
MANDATORY = ("name", "contact", "commune_texte")


def _line(longest: int) -> list[Any]:
    return [lambda text: printable(text or "", longest + 1).strip()]


def refuse(message: str) -> ValidationError:
    """Refuse a field, with what to do, in French typography."""
    return ValidationError(typeset(message))


def read_contact(read: Callable[[str], str], text: str) -> str:
    """Read an address or a number; raise ValidationError with an example."""
    try:
        return read(text)
    except UnreadableContactError as error:
        raise refuse(str(error)) from None


class ContactFields(SentForm):
    """How to reach somebody: an address, a telephone, or both."""

    voice = TO_THE_PERSON
    email = StringField("Votre adresse électronique", filters=_line(254))
    phone = StringField("Votre téléphone", filters=_line(40))

    def validate_email(self, field: StringField) -> None:
        """An address, or at least a telephone."""
        if field.data:
            field.data = read_contact(read_email, field.data)
        elif not self.phone.data:
            raise refuse(self.voice.no_contact)

    def validate_phone(self, field: StringField) -> None:
        """A number that rings."""
        if field.data:
            field.data = read_contact(read_phone, field.data)


class RequestForm(ContactFields):
    """What is asked of somebody who wants to be contacted."""

    name = StringField("Votre prénom et votre nom", filters=_line(120))
    commune_texte = StringField("La commune du projet", filters=_line(120))
    commune = StringField()  # the code of the one that was chosen
    commune_vue = StringField()  # what stood in the box when the choices were drawn
    project_name = StringField("Le nom du projet ou de la structure", filters=_line(160))
    words = TextAreaField("Votre projet en quelques lignes", filters=[lambda text: printable_lines(text or "", 5000)])
    call_when = SelectMultipleField("Quand vous appeler ?", choices=CALL_CHOICES, validate_choice=False)
    structures = SelectMultipleField("À qui pouvons-nous transmettre votre demande ?", validate_choice=False)
    helper = StringField("Qui aide la personne ?", filters=_line(160))
    person_agrees = BooleanField("La personne est d’accord pour que cette demande soit envoyée en son nom")
    website = StringField("Ne remplissez pas cette case")  # the trap: only a machine writes here
    form_key = StringField()
    confirmed = BooleanField()  # the person was asked to confirm, and did

    def __init__(self, knowledge: KnowledgeBase, offered: Sequence[str], *, assisted: bool, **given: Any) -> None:
        """``offered`` are the entries to which the person may be introduced."""
        super().__init__(**given)
        self.knowledge, self.offered, self.assisted = knowledge, offered, assisted
        self.places: list[Suggestion] = []
        self.elsewhere: str | None = None
        self.voice = WITH_THE_PERSON if assisted else TO_THE_PERSON
        for name, label in self.voice.labels.items():
            self[name].label.text = label
        self.structures.choices = [SelectChoice(name, knowledge.entries[name].name) for name in offered]

    def validate_name(self, field: StringField) -> None:
        """A name, whatever it is."""
        if not field.data:
            raise refuse(self.voice.no_name)
        if len(field.data) > 120:
            raise refuse("Ce nom est trop long : 120 signes au plus.")

    def validate_commune_texte(self, field: StringField) -> None:
        """One commune of the département, chosen or named without any doubt."""
        communes = self.knowledge.territory.communes
        ticked = communes.get(self.commune.data or "")
        if ticked and field.data in ("", ticked.name, self.commune_vue.data):
            field.data = ticked.name
            return
        if not field.data:
            raise refuse(self.voice.no_place)
        resolution = self.knowledge.territory.resolve(field.data)
        if resolution.commune is None:
            self.places, self.elsewhere = list(resolution.choices), resolution.elsewhere
            self.commune.data = ""
            raise refuse(explain_place(field.data, resolution))
        self.commune.data, field.data = resolution.commune.code, resolution.commune.name

    def validate_words(self, field: TextAreaField) -> None:
        """As long as a letter, not more."""
        if (length := len(field.data or "")) > LONGEST_WORDS:
            raise refuse(f"Ce texte est trop long : {LONGEST_WORDS} signes au plus, il y en a {length}.")

    def validate_project_name(self, field: StringField) -> None:
        """A title, not a text."""
        if len(field.data or "") > 160:
            raise refuse("Ce nom est trop long : 160 signes au plus.")

    def validate_structures(self, field: SelectMultipleField) -> None:
        """Only what was offered."""
        if any(value not in self.offered for value in field.data or []):
            raise refuse("Une des structures choisies n’existe pas, ou plus. Choisissez dans la liste.")

    def validate_call_when(self, field: SelectMultipleField) -> None:
        """Only what was offered."""
        if any(value not in dict(CALL_WHEN) for value in field.data or []):
            raise refuse("Choisissez un moment dans la liste.")

    def validate_helper(self, field: StringField) -> None:
        """Who helps must be said."""
        if self.assisted and not field.data:
            raise refuse("Dites qui aide la personne : une mairie, une Maison de l’ESS, une association…")
        if len(field.data or "") > 160:
            raise refuse("Ce nom est trop long : 160 signes au plus.")

    def validate_person_agrees(self, field: BooleanField) -> None:
        """Nothing is sent in the name of somebody who did not agree."""
        if self.assisted and not field.data:
            raise refuse("Cochez cette case : la personne doit être d’accord.")

    @property
    def problems(self) -> list[Problem]:
        """What to correct, in the order of the page."""
        return sorted(super().problems, key=lambda problem: _ORDER.index(problem.field))
