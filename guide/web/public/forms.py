"""Forms of the public pages. They are sent by GET, keep nothing and change nothing."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length

from guide.content.base import KnowledgeBase
from guide.content.models import Question
from guide.questionnaire import UNKNOWN, Answers, Page, known_values, replay
from guide.territory import Suggestion
from guide.text import printable, typeset
from guide.web.public.places import explain_place
from guide.web.shared.forms import Problem
from guide.web.shared.presenters import ChoiceGroup, choice_groups

SENT = "valider"
FORM_FIELDS = ("_texte", "_vue")  # endings of the fields that are typed, beside those that are ticked
LONGEST_TEXT = 120
_MOST_PLACES = 12
_LONGEST_LIST = 480  # signs: twelve long names


class GetForm(FlaskForm):  # type: ignore[misc] # flask-wtf publishes no types
    """A form read from the query string: no session, hence no token; a GET changes nothing."""

    class Meta:
        """FlaskForm would read only a POST and ask for a token."""

        csrf = False


class SearchForm(GetForm):
    """Search and filters of the directory; an unknown filter is as good as none."""

    q = StringField(validators=[Length(max=LONGEST_TEXT)])
    kind = StringField()
    family = StringField()
    need = StringField()
    stage = StringField()
    theme = StringField()
    epci = StringField()


class QuestionForm:
    """The form of one page of the questionnaire: its fields come from the knowledge base."""

    def __init__(self, page: Page, answers: Answers, knowledge: KnowledgeBase, sent: MultiDict[str, str]) -> None:
        """``sent`` is the query string: earlier answers, and this page's fields when the person has sent it."""
        self.page, self.answers, self.knowledge, self.sent = page, answers, knowledge, sent
        self.is_sent = SENT in sent
        self.problems: list[Problem] = []
        self.places: list[Suggestion] = []
        self.elsewhere: str | None = None
        self.words = ""  # said in the person's own words, for the needs
        self.understood: tuple[str, ...] = ()
        self._given: dict[str, list[str]] = {question.id: self._read(question) for question in page.questions}

    def validate(self) -> bool:
        """Check what was sent; ``problems`` says what to correct, field by field."""
        for question in self.page.questions:
            if question.kind == "commune":
                self._settle_commune(question)
            elif question.kind == "communes":
                self._settle_communes(question)
            else:
                self._check_choices(question)
        return not self.problems

    @property
    def updated_answers(self) -> Answers:
        """All the answers, with those of this page."""
        raw: dict[str, Sequence[str]] = {**self.answers.values, **self._given}
        return replay(raw, self.knowledge)

    def groups(self, question: Question) -> list[ChoiceGroup]:
        """The boxes of a question, ticked as they were."""
        return choice_groups(question, self.ticked(question), self.answers, self.knowledge)

    def ticked(self, question: Question) -> Sequence[str]:
        """What is ticked: what was sent, else what was answered before."""
        given = self._given[question.id] if self.is_sent else self.answers.values.get(question.id, ())
        return (*given, *self.understood) if question.kind == "needs" else given

    def text_of(self, question: Question) -> str:
        """What stands in a text box: what was typed, else the communes answered before."""
        if self.is_sent:
            longest = _LONGEST_LIST if question.kind == "communes" else LONGEST_TEXT
            return printable(self.sent.get(f"{question.id}_texte", ""), longest)
        codes = [code for code in self.answers.values.get(question.id, ()) if code in self.knowledge.territory.communes]
        return ", ".join(self.knowledge.territory.communes[code].name for code in codes)

    def problem_of(self, question: Question) -> str | None:
        """What to correct in one field."""
        return next((problem.text for problem in self.problems if problem.field == question.id), None)

    def _read(self, question: Question) -> list[str]:
        return [value for value in self.sent.getlist(question.id) if value]

    def _check_choices(self, question: Question) -> None:
        given = self._given[question.id]
        known = known_values(question, self.knowledge)
        if any(value not in known and not (value == UNKNOWN and question.unknown) for value in given):
            self._refuse(question, "Cette réponse n’existe pas. Choisissez une des réponses proposées.")
        elif not given and question is self.page.main:
            self._refuse(question, f"Choisissez une réponse{_or_unknown(question)}.")
        elif UNKNOWN in given and len(given) > 1:
            label = question.unknown.label if question.unknown else ""
            self._refuse(question, f"Vous avez coché « {label} » avec d’autres réponses : gardez l’un ou l’autre.")

    def _settle_commune(self, question: Question) -> None:
        """A box ticked is a choice; else the text must mean exactly one commune, or choices are offered."""
        if len(self.sent.get(f"{question.id}_texte", "")) > LONGEST_TEXT:
            self._refuse(question, "Ce texte est trop long : écrivez seulement le nom de la commune.")
            return
        typed = self.text_of(question).strip()
        ticked = self._given[question.id]
        shown = self.sent.get(f"{question.id}_vue", "").strip()  # what stood in the box when the page was drawn
        if ticked and typed in ("", shown):
            if ticked[0] != UNKNOWN and ticked[0] not in self.knowledge.territory.communes:
                self._refuse(question, "Cette commune n’existe pas dans le Pas-de-Calais. Écrivez son nom.")
        elif ticked == [UNKNOWN]:
            label = question.unknown.label if question.unknown else ""
            self._refuse(question, f"Vous avez écrit une commune et coché « {label} » : gardez l’un ou l’autre.")
        elif not typed:
            self._refuse(question, f"Écrivez le nom de la commune{_or_unknown(question)}.")
        else:
            self._resolve_commune(question, typed)

    def _resolve_commune(self, question: Question, typed: str) -> None:
        self._given[question.id] = []
        resolution = self.knowledge.territory.resolve(typed)
        if resolution.commune:
            self._given[question.id] = [resolution.commune.code]
            return
        self.places = list(resolution.choices)
        self.elsewhere = resolution.elsewhere
        self._refuse(question, explain_place(typed, resolution))

    def _settle_communes(self, question: Question) -> None:
        text = self.text_of(question)
        typed = [name.strip() for name in text.replace(";", ",").replace("\n", ",").split(",") if name.strip()]
        if len(typed) > _MOST_PLACES or len(text) >= _LONGEST_LIST:
            self._refuse(question, f"{_MOST_PLACES} communes au plus : gardez les principales.")
            return
        codes = []
        for name in typed:
            resolution = self.knowledge.territory.resolve(name[:LONGEST_TEXT])
            if resolution.commune is None:
                self.elsewhere = self.elsewhere or resolution.elsewhere
                self._refuse(question, explain_place(name[:LONGEST_TEXT], resolution, named=True))
                return
            codes.append(resolution.commune.code)
        self._given[question.id] = list(dict.fromkeys(codes))

    def _refuse(self, question: Question, text: str) -> None:
        self.problems.append(Problem(question.id, typeset(text)))


def _or_unknown(question: Question) -> str:
    return f", ou « {question.unknown.label} »" if question.unknown else ""
