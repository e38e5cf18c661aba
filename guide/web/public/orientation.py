"""The orientation: a short path, explained."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from guide.days import today
from guide.orientation import propose
from guide.web.public.questionnaire import next_url, read_answers
from guide.web.shared.house import get_knowledge
from guide.web.shared.presenters import answer_lines, query_string


def add_routes(blueprint: Blueprint) -> None:
    """Add the page of the orientation."""
    blueprint.add_url_rule("/orientation", "orientation", orientation)


def orientation() -> str | BaseResponse:
    """Orient the answers of the address; without any, go and ask."""
    answers, knowledge = read_answers(), get_knowledge()
    if not answers.values:
        return redirect(next_url(answers), 303)
    ending = query_string(answers.pairs)
    lines = answer_lines(answers, ending, knowledge, short=True)
    return render_template(
        "orientation.html",
        orientation=propose(answers.profile, knowledge, today()),
        lines=lines,
        change_urls={line.question.id: line.change_url for line in lines},
        dropped=answers.dropped,
        ending=ending,
    )
