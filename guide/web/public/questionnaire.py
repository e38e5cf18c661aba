"""The questionnaire: one question a page, answers replayed from the query string. Nothing is stored."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from guide.questionnaire import Answers, Page, get_page, next_page, reachable_pages, replay
from guide.web.public.forms import FORM_FIELDS, SENT, QuestionForm
from guide.web.shared.house import get_knowledge
from guide.web.shared.presenters import answer_lines, page_position, query_string

RECAPITULATION = "/questionnaire/recapitulatif"
OLD_LINK = (("lien", "ancien"),)  # no question has this name: replaying it says again that something was left aside


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages of the questionnaire."""
    blueprint.add_url_rule("/questionnaire", "questionnaire", start)
    blueprint.add_url_rule("/questionnaire/communes.json", "communes", communes)
    blueprint.add_url_rule(RECAPITULATION, "recapitulation", recapitulation)
    blueprint.add_url_rule("/questionnaire/<slug>", "question", question)


def read_answers() -> Answers:
    """Replay the answers of the address, the fields of a form being sent put aside."""
    given = request.args.to_dict(flat=False)
    answers = {name: values for name, values in given.items() if name != SENT and not name.endswith(FORM_FIELDS)}
    return replay(answers, get_knowledge())


def next_url(answers: Answers) -> str:
    """Where to go next: the first page without an answer, or the recapitulation."""
    page = next_page(answers, get_knowledge())
    path = f"/questionnaire/{page.main.slug}" if page else RECAPITULATION
    return path + query_string([*answers.pairs, *(OLD_LINK if answers.dropped else ())])


def start() -> BaseResponse:
    """Go to the first question without an answer."""
    return redirect(next_url(read_answers()), 303)


def question(slug: str) -> BaseResponse | tuple[str, int]:
    """Ask one question; a good answer leads to the next page, a bad one comes back with what to do."""
    page = get_page(slug, get_knowledge())
    answers = read_answers()
    form = QuestionForm(page, answers, get_knowledge(), request.args)
    if form.is_sent and form.validate():
        return redirect(next_url(form.updated_answers), 303)
    return show_question(page, answers, form)


def show_question(page: Page, answers: Answers, form: QuestionForm) -> tuple[str, int]:
    """Show one question, as its form stands."""
    position, total = page_position(page, answers, get_knowledge())
    shown = render_template(
        "question.html",
        page=page,
        form=form,
        kept=answers.without(page.questions).pairs,
        position=position,
        total=total,
        ending=query_string(answers.pairs),
        previous=_previous_url(page, answers),
        dropped=answers.dropped and not form.is_sent,
    )
    return shown, 422 if form.problems else 200


def _previous_url(page: Page, answers: Answers) -> str | None:
    reached = [other.main.slug for other in reachable_pages(answers, get_knowledge())]
    position = reached.index(page.main.slug) if page.main.slug in reached else 0
    return f"/questionnaire/{reached[position - 1]}{query_string(answers.pairs)}" if position else None


def recapitulation() -> str:
    """Show every answer, each with its link to change it, before the result."""
    answers = read_answers()
    ending = query_string(answers.pairs)
    missing = next_page(answers, get_knowledge())
    return render_template(
        "recapitulation.html",
        lines=answer_lines(answers, ending, get_knowledge()),
        missing=missing,
        missing_url=next_url(answers),
        dropped=answers.dropped,
        ending=ending,
    )


def communes() -> Response:
    """Names for the suggestions while typing: the browser does the matching, so nothing typed leaves it."""
    territory = get_knowledge().territory
    names = sorted((commune.name, list(commune.postcodes)) for commune in territory.communes.values())
    response = jsonify(names)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
