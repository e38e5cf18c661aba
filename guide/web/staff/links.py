"""What one-time links open: an invitation, a new password. Opening a link changes nothing; sending its form does."""

import json

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from guide.accounts import enrolment, links, passwords, second_factor
from guide.accounts.links import OpenLink
from guide.days import now
from guide.errors import ExpiredLinkError, UnknownLinkError
from guide.models.staff import LinkPurpose
from guide.secrecy import seal, unseal
from guide.web.shared.forms import SentForm
from guide.web.shared.house import get_database, get_settings
from guide.web.staff.cookie import give_key, renew_tokens
from guide.web.staff.forms import ForgottenForm, NewPasswordForm, TelephoneForm
from guide.web.staff.guard import get_hasher
from guide.web.staff.qr import draw
from guide.web.staff.trail import tell

WRONG_CODE = "Ce code n’est pas le bon. Vérifiez l’heure de votre téléphone, attendez le code suivant et écrivez-le."
_HALFWAY = 3600  # seconds to add the telephone once the password is chosen


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages that links open, and the one that asks for a link."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/invitation/<token>", "invitation", invitation, methods=both)
    blueprint.add_url_rule("/mot-de-passe-oublie", "forgotten", forgotten, methods=both)
    blueprint.add_url_rule("/mot-de-passe/<token>", "reset", reset, methods=both)
    blueprint.register_error_handler(UnknownLinkError, lambda _: _dead_link(404))
    blueprint.register_error_handler(ExpiredLinkError, lambda _: _dead_link(410))
    blueprint.after_request(_no_referrer)


def invitation(token: str) -> BaseResponse:
    """Choose a password, then add a telephone; nothing is stored before both are right."""
    opened = _open(token, LinkPurpose.INVITATION)
    if "sealed" in request.form:
        return _add_telephone(token, opened)
    form = NewPasswordForm()
    if not _is_good(form, opened):
        return _show("staff/invitation.html", form, opened)
    chosen = {"password_hash": get_hasher().hash(form.typed("password")), "seed": second_factor.new_seed()}
    sealed = seal(get_settings().secret_key, f"enrolment|{opened.link.id}", json.dumps(chosen))
    return _show_telephone(TelephoneForm(formdata=None, data={"sealed": sealed}), opened, chosen["seed"])


def _add_telephone(token: str, opened: OpenLink) -> BaseResponse:
    form, settings = TelephoneForm(), get_settings()
    purpose = f"enrolment|{opened.link.id}"
    text = unseal(settings.secret_key, purpose, form.typed("sealed"), seconds=_HALFWAY)
    if text is None:
        return redirect(request.path, 303)  # too long ago: from the beginning
    chosen, accepted = json.loads(text), None
    if form.validate_on_submit():
        with get_database().writing() as session:
            accepted = enrolment.accept_invitation(
                session, settings, token, **chosen, code=form.typed("code"), now=now()
            )
    if accepted is None:
        if not form.problems:
            form.refuse("code", WRONG_CODE)
        return _show_telephone(form, opened, chosen["seed"])
    tell("enrolled", accepted.account.id)
    renew_tokens()
    page = render_template("staff/codes.html", codes=accepted.codes, me=accepted.account, first=True)
    return give_key(make_response(page), accepted.key)


def forgotten() -> BaseResponse:
    """Ask for a link by mail; the answer is the same whether the address is known or not."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return _show("staff/forgotten.html", form)
    with get_database().writing() as session:
        account = links.ask_for_reset(
            session, get_settings(), email=form.typed("email"), address=request.remote_addr or "", now=now()
        )
    tell("reset_asked", account.id if account else None)
    return redirect(url_for("staff.forgotten", envoye="1"), 303)


def reset(token: str) -> BaseResponse:
    """Choose a new password; the telephone is asked for at the next sign-in, as ever."""
    opened = _open(token, LinkPurpose.PASSWORD_RESET)
    form = NewPasswordForm()
    if not _is_good(form, opened):
        return _show("staff/reset.html", form, opened)
    password_hash = get_hasher().hash(form.typed("password"))
    with get_database().writing() as session:
        account = enrolment.reset_password(session, get_settings(), token, password_hash=password_hash, now=now())
    tell("password_reset", account.id)
    renew_tokens()
    return redirect(url_for("staff.sign_in", nouveau="1"), 303)


def _open(token: str, purpose: LinkPurpose) -> OpenLink:
    with get_database().reading() as session:
        return links.open_link(session, token, purpose, now=now())


def _is_good(form: NewPasswordForm, opened: OpenLink) -> bool:
    good, account = form.validate_on_submit(), opened.account
    if form.typed("password") and not form["password"].errors:
        reason = passwords.refusal(form.typed("password"), email=account.email, name=account.name)
        if reason:
            form.refuse("password", reason)
    return good and not form.problems


def _show(template: str, form: SentForm, opened: OpenLink | None = None) -> Response:
    account = opened.account if opened else None
    return make_response(render_template(template, form=form, account=account), 422 if form.problems else 200)


def _show_telephone(form: TelephoneForm, opened: OpenLink, seed: str) -> Response:
    address = second_factor.seed_address(seed, opened.account.email)
    page = render_template(
        "staff/telephone.html", form=form, account=opened.account, seed=seed, address=address, drawing=draw(address)
    )
    return make_response(page, 422 if form.problems else 200)


def _dead_link(status: int) -> Response:
    tell("link_refused")
    return make_response(render_template("staff/dead_link.html"), status)


def _no_referrer(response: Response) -> Response:
    """The address of these pages is a secret: it goes nowhere else."""
    if request.endpoint in ("staff.invitation", "staff.reset"):
        response.headers["Referrer-Policy"] = "no-referrer"
    return response
