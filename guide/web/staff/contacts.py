"""Reaching a person: the call sheet, which records how it went, and the question to whoever cannot be reached."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from guide import contacting
from guide.days import now
from guide.errors import ClosedError, NotInformedError
from guide.handling import find_referral
from guide.models.journal import LineKind
from guide.store import journal
from guide.text import typeset
from guide.web.shared.house import get_database, get_knowledge
from guide.web.staff.dossier_forms import AttemptForm, StillForm
from guide.web.staff.guard import current_account
from guide.web.staff.trail import tell

_STILL_IN = (
    "Bonjour {name},\n\nNous avons essayé de vous joindre, sans y arriver. Êtes-vous toujours partant·e pour votre "
    "projet ?\n\nUn mot suffit, même court. Si vous préférez arrêter, dites-le-nous aussi : ce n’est pas grave, et "
    "vous pourrez revenir.\n\n{who}"
)


def add_routes(blueprint: Blueprint) -> None:
    """Add the call sheet and the question."""
    blueprint.add_url_rule("/dossiers/<reference>/contact", "attempt", attempt, methods=["GET", "POST"])
    blueprint.add_url_rule("/dossiers/<reference>/toujours-partant", "still_in", still_in, methods=["POST"])


def attempt(reference: str) -> BaseResponse:
    """Show what is needed to call, and record how it went: result, note and next date in one go."""
    with get_database().reading() as session:
        referral = find_referral(session, current_account(), reference)
    form = AttemptForm(must_inform=referral.must_be_informed)
    if request.method != "POST" or not form.validate():
        return _show(reference, form, status=422 if form.problems else 200)
    try:
        with get_database().writing() as session:
            contacting.record_attempt(session, current_account(), reference, form.attempt, at=now())
    except (ClosedError, NotInformedError) as error:
        return _show(reference, form, status=409, notice=str(error))
    return redirect(url_for("staff.dossier", reference=reference, fait="contact"), 303)


def _show(
    reference: str,
    form: AttemptForm,
    *,
    still: StillForm | None = None,
    status: int = 200,
    notice: str | None = None,
) -> BaseResponse:
    account = current_account()
    with get_database().reading() as session:
        referral = find_referral(session, account, reference)
        lines = journal.list_lines(session, referral.id)
    question = typeset(_STILL_IN.format(name=referral.name, who=account.first_name))
    if still is None:
        still = StillForm(formdata=None)
        still.question.data = question
    page = render_template(
        "staff/call.html",
        referral=referral,
        attempts=[line for line in lines if line.kind in (LineKind.ATTEMPT, LineKind.STILL_ASKED)],
        commune=get_knowledge().territory.find_commune(referral.commune or ""),
        form=form,
        still=still,
        notice=notice,
    )
    return make_response(page, status)


def still_in(reference: str) -> BaseResponse:
    """Ask whether the person still goes on."""
    form = StillForm()
    if not form.validate():
        return _show(reference, AttemptForm(formdata=None), still=form, status=422)
    try:
        with get_database().writing() as session:
            contacting.ask_still_in(session, current_account(), reference, form.typed("question"), at=now())
    except (ClosedError, NotInformedError) as error:
        return _show(reference, AttemptForm(formdata=None), still=form, status=409, notice=str(error))
    tell("still_in_asked", current_account().id)
    return redirect(url_for("staff.dossier", reference=reference, fait="question"), 303)
