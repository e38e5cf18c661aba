"""The pieces of the pages, each in its states: what authors of pages look at before they make another one."""

from flask import Blueprint, render_template
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # the published types are older

from guide.days import today
from guide.orientation import propose
from guide.profile import Profile
from guide.web.shared.forms import SentForm
from guide.web.shared.house import get_knowledge
from guide.web.shared.presenters import AnswerLine

_CHOICES = [SelectChoice("un", "Une réponse"), SelectChoice("deux", "Une autre réponse")]
_TOKENS = {  # what the style sheet names, and what each is for
    "paper": "le fond de la page",
    "card": "le fond de ce qui se détache",
    "ink": "le texte",
    "ink-soft": "le texte secondaire",
    "line": "les filets",
    "edge": "le bord de ce qui se manipule",
    "sea": "les liens, le passé, ce qui est choisi",
    "sea-mist": "le fond calme d’un passage",
    "dune": "le fond d’une raison, d’un mot cité",
    "accent": "la prochaine chose à faire, une seule par écran",
    "leaf": "ce qui est confirmé",
    "alarm": "ce qui est à corriger",
}


class SampleForm(SentForm):
    """One field of each kind; its names carry a prefix, so that it can be shown twice."""

    name = StringField("Un texte")
    words = TextAreaField("Un texte de plusieurs lignes")
    one = RadioField("Une seule réponse", choices=_CHOICES)
    several = SelectMultipleField("Plusieurs réponses", choices=_CHOICES)
    place = SelectField("Une liste qui se déplie", choices=_CHOICES)
    agreed = BooleanField("Une case qui dit tout")


def add_routes(blueprint: Blueprint) -> None:
    """Add the page of the pieces."""
    blueprint.add_url_rule("/composants", "components", components)


def components() -> str:
    """Show every piece, with real entries and in each state."""
    knowledge = get_knowledge()
    profile = Profile(stage="emergence", holder="citoyen", themes=("culture",), needs=("financer", "etre-ecoute"))
    path, question = propose(profile, knowledge, today()), knowledge.questions["stage"]
    wrong = SampleForm(formdata=None, prefix="faux-")
    for field in wrong:
        field.errors = ["Dites ce qui manque, et donnez un exemple."]
    levels = {entry.confidence: entry for entry in knowledge.entries.values()}
    return render_template(
        "staff/components.html",
        tokens=_TOKENS,
        form=SampleForm(formdata=None, prefix="juste-"),
        wrong=wrong,
        cards=[next(card for card in path.proposals if card.when == when) for when in ("first", "next")],
        lines=[
            AnswerLine(question, "Une idée", "/questionnaire/etape", known=True),
            AnswerLine(question, "Étape", "/questionnaire/etape", known=False),
        ],
        entries=list(levels.values()),
        stepped=next(entry for entry in knowledge.entries.values() if len(entry.steps) > 2),
    )
