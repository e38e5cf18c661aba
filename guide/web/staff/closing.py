"""The end of a dossier: an outcome, a message, and what is still open is shown first."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from guide import following
from guide.days import now
from guide.errors import DuplicateError, GuideError, IllegalMoveError, StaleError, StillToAskError
from guide.handling import find_referral
from guide.store import duplicates, journal, referrals
from guide.text import typeset
from guide.web.shared.house import get_database, get_settings
from guide.web.staff.dossier_forms import CloseForm
from guide.web.staff.guard import current_account
from guide.web.staff.seen import refusal_of
from guide.web.staff.trail import tell

_DRAFT = (
    "Bonjour {name},\n\nNous arrivons au bout de ce que nous pouvions faire ensemble : nous fermons votre demande.\n\n"
    "Si une question revient, écrivez-nous ou faites une nouvelle demande : la porte reste ouverte.\n\n{who}"
)


def add_routes(blueprint: Blueprint) -> None:
    """Add the page that closes a dossier."""
    blueprint.add_url_rule("/dossiers/<reference>/cloture", "close", close, methods=["GET", "POST"])


def close(reference: str) -> BaseResponse:
    """Close a dossier; what was typed is kept whatever happens."""
    with get_database().reading() as session:
        referral = find_referral(session, current_account(), reference)
        form = CloseForm(duplicates.list_lookalikes(session, current_account(), referral))
    if request.method != "POST" or not form.validate():
        return _show(reference, form, status=422 if form.problems else 200)
    try:
        with get_database().writing() as session:
            following.close_referral(
                session, current_account(), reference, form.closing, at=now(), delays=get_settings().delays
            )
    except (StaleError, IllegalMoveError, StillToAskError) as error:
        return _show(reference, form, status=409, error=error)
    except DuplicateError as error:
        form.refuse("other_reference", str(error))
        return _show(reference, form, status=422)
    tell("referral_moved", current_account().id)
    return redirect(url_for("staff.dossier", reference=reference, fait="cloture"), 303)


def _show(reference: str, form: CloseForm, *, status: int, error: GuideError | None = None) -> BaseResponse:
    account = current_account()
    with get_database().reading() as session:
        referral = find_referral(session, account, reference)
        lines = journal.list_lines(session, referral.id)
        introductions = referrals.list_introductions(session, referral.id)
    refusal = refusal_of(error, form, lines) if error else None
    if status != 422:
        form.show(referral, lines)
    if request.method != "POST":
        form.word.data = typeset(_DRAFT.format(name=referral.name, who=account.first_name))
    page = render_template(
        "staff/close.html",
        referral=referral,
        underway=[each for each in introductions if each.is_open],
        form=form,
        refusal=refusal,
    )
    return make_response(page, status)
