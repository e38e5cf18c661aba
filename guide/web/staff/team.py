"""The team: who may sign in, whom to invite, who gets a new link, who leaves. For officers."""

from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from guide.accounts import team as use_cases
from guide.accounts.team import TeamError
from guide.days import now
from guide.models.staff import LinkPurpose, Role
from guide.store import accounts as store
from guide.store import desk
from guide.web.shared.house import get_database, get_settings
from guide.web.staff.forms import InviteForm
from guide.web.staff.guard import current_account
from guide.web.staff.trail import tell


def add_routes(blueprint: Blueprint) -> None:
    """Add the page of the team and its gestures."""
    blueprint.add_url_rule("/agents", "team", team, methods=["GET", "POST"])
    blueprint.add_url_rule("/agents/<uuid:account_id>/lien", "send_link", send_link, methods=["POST"])
    blueprint.add_url_rule("/agents/<uuid:account_id>/desactivation", "disable", disable, methods=["POST"])
    blueprint.register_error_handler(TeamError, lambda error: _show(InviteForm(formdata=None), 409, str(error)))


def team() -> BaseResponse:
    """List everybody, and invite somebody."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _show(form, 422 if form.problems else 200)
    name, email = form.typed("colleague_name"), form.typed("colleague_email")
    role = next(role for role in Role if role.value == form.typed("role"))
    try:
        with get_database().writing() as session:
            invited = use_cases.invite(session, name=name, email=email, role=role, now=now())
    except TeamError as error:
        form.refuse("colleague_email", str(error))
        return _show(form, 422)
    tell("invited", invited.id, by=current_account().id)
    return _done("invitation")


def send_link(account_id: UUID) -> BaseResponse:
    """Have a new link mailed to a colleague."""
    purpose = next((each for each in LinkPurpose if each.value == request.form.get("purpose")), None)
    if purpose is None:
        abort(400)
    with get_database().writing() as session:
        account = store.get_account(session, account_id, for_update=True)
        use_cases.send_link(session, account, purpose, now=now())
    tell(f"{purpose.value}_sent", account.id, by=current_account().id)
    return _done("lien")


def disable(account_id: UUID) -> BaseResponse:
    """End the account of a colleague, on all devices, at once."""
    if account_id == current_account().id:
        raise TeamError("Vous ne pouvez pas désactiver votre propre compte. Demandez à un autre agent.")
    with get_database().writing() as session:
        account = store.get_account(session, account_id, for_update=True)
        use_cases.disable(session, account, now=now())
    tell("disabled", account.id, by=current_account().id)
    return _done("desactivation")


def _show(form: InviteForm, status: int, notice: str | None = None) -> Response:
    with get_database().reading() as session:
        accounts = store.list_accounts(session)
        loads = desk.count_open_of(session)
    said = {
        "form": form,
        "accounts": accounts,
        "loads": loads,
        "notice": notice,
        "done": request.args.get("fait"),
        "Role": Role,
    }
    page = render_template("staff/team.html", **said, lasts=get_settings().delays.invitation_days)
    return make_response(page, status)


def _done(what: str) -> BaseResponse:
    return redirect(url_for("staff.team", fait=what), 303)
