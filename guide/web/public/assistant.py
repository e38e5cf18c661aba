"""The assistant's page: a plain form that a script only makes smoother. It carries the conversation itself."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from guide.assistant.conversation import Conversation, removed, replay, said
from guide.days import today
from guide.questionnaire import answers_of, get_page
from guide.text import printable_lines
from guide.understanding.understand import LONGEST, prepare
from guide.web.public.forms import QuestionForm
from guide.web.public.listening import count_unknown_words
from guide.web.public.questionnaire import read_answers, show_question
from guide.web.public.turns import show_turn
from guide.web.shared.house import get_knowledge
from guide.web.shared.presenters import profile_chips, query_string

LONGEST_TYPED = 2_000  # characters kept on the page; the first thousand are read (contract)
_MOST_CARRIED = 40  # events accepted from a form


def make_blueprint() -> Blueprint:
    """Gather what understands words: no cookie, no session, hence no token."""
    blueprint = Blueprint("assistant", __name__)
    blueprint.add_url_rule("/assistant", "page", page, methods=["GET", "POST"])
    blueprint.add_url_rule("/avec-vos-mots/besoins", "needs", needs, methods=["POST"])
    return blueprint


def page() -> str | tuple[str, int]:
    """Show the conversation, one message further when one was sent."""
    taken_away = request.form.get("retirer")  # then the text in the box is only being written
    said_now = "" if taken_away else request.form.get("choix") or request.form.get("message", "")
    typed = printable_lines(said_now, LONGEST_TYPED)
    conversation = _replay(typed)
    problem = None
    if "message" in request.form and not typed and not taken_away:
        problem = "Écrivez votre question ou votre projet, même en quelques mots."
    if typed and (last := conversation.last):
        count_unknown_words(last.reply)
    return _show(conversation, problem, cut=len(typed) > LONGEST), 422 if problem else 200


def _replay(typed: str) -> Conversation:
    events = [event[: LONGEST_TYPED + 10] for event in request.form.getlist("fil")[-_MOST_CARRIED:]]
    if typed:
        events.append(said(typed))
    elif field_and_value := request.form.get("retirer"):
        events.append(removed(*field_and_value.partition(":")[::2]))
    asked = request.form.get("deja", "").split()[:10]
    return replay(events, read_answers().profile, asked, get_knowledge(), today())


def _show(conversation: Conversation, problem: str | None, *, cut: bool) -> str:
    knowledge = get_knowledge()
    answers = answers_of(conversation.profile, knowledge)
    pressed = request.form.get("choix") or request.form.get("retirer")
    return render_template(
        "assistant.html",
        conversation=conversation,
        turns=[show_turn(turn, knowledge) for turn in conversation.turns],
        draft=printable_lines(request.form.get("message", ""), LONGEST_TYPED) if pressed else "",
        taken_away=bool(request.form.get("retirer")),
        chips=profile_chips(conversation.profile, knowledge),
        start=query_string(answers_of(conversation.start, knowledge).pairs),
        ending=query_string(answers.pairs),
        problem=problem,
        cut=cut,
    )


def needs() -> str | tuple[str, int] | BaseResponse:
    """Tick the needs that some words tell, on the question about needs; they are shown and may be unticked."""
    knowledge = get_knowledge()
    typed = printable_lines(request.form.get("mots", ""), LONGEST_TYPED)
    meaning = prepare(knowledge).read(typed)
    answers = read_answers()
    question_page = get_page(knowledge.questions["needs"].slug, knowledge)
    form = QuestionForm(question_page, answers, knowledge, request.args)
    form.understood = tuple(need for need in meaning.needs if need not in form.ticked(question_page.main))
    form.words = typed
    return show_question(question_page, answers, form)
