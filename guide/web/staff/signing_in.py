"""Signing in, step by step, giving the password again, signing out."""

from typing import TypeVar

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as BaseResponse

from guide.accounts import sessions, signing_in
from guide.accounts.sessions import Visit
from guide.accounts.signing_in import Attempt
from guide.days import now
from guide.errors import TooManyError
from guide.web.shared import kept
from guide.web.shared.house import get_database, get_settings
from guide.web.staff.cookie import give_key, renew_tokens
from guide.web.staff.forms import CodeForm, ConfirmForm, RecoveryForm, SignInForm, WayForm
from guide.web.staff.guard import ACCESS, OPEN, ask_to_sign_in, current_visit, get_hasher
from guide.web.staff.trail import tell
from guide.web.staff.way_back import way_back

Form = TypeVar("Form", bound=WayForm)

_WRONG = "Adresse ou mot de passe incorrect, ou trop d’essais. Après dix essais, il faut attendre 15 minutes."
_WRONG_CODE = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis écrivez-le."
_WRONG_RECOVERY = "Ce code de secours n’est pas le bon, ou il a déjà servi. Essayez-en un autre."
_WRONG_PASSWORD = "Ce mot de passe n’est pas le bon, ou il y a eu trop d’essais."  # noqa: S105 - a message
_TEMPLATES = {  # endpoint -> the form that may be drawn again, whatever went wrong around it
    "staff.sign_in": (SignInForm, "staff/sign_in.html"),
    "staff.second_factor": (CodeForm, "staff/second_factor.html"),
    "staff.recovery": (RecoveryForm, "staff/recovery.html"),
    "staff.confirmation": (ConfirmForm, "staff/confirmation.html"),
}


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages of the sign-in."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/connexion", "sign_in", sign_in, methods=both)
    blueprint.add_url_rule("/connexion/code", "second_factor", second_factor, methods=both)
    blueprint.add_url_rule("/connexion/secours", "recovery", recovery, methods=both)
    blueprint.add_url_rule("/confirmation", "confirmation", confirmation, methods=both)
    blueprint.add_url_rule("/deconnexion", "sign_out", sign_out, methods=["POST"])
    blueprint.register_error_handler(CSRFError, _old_page)
    blueprint.register_error_handler(TooManyError, _too_many)


def sign_in() -> BaseResponse:
    """Ask for the address and the password."""
    form, visit = _read(SignInForm), current_visit()
    if request.method != "POST" and visit is not None and visit.is_full:
        return redirect(way_back(form.next.data), 303)
    if not form.validate_on_submit():
        return _show(form)
    attempt = signing_in.sign_in(
        get_database(),
        get_hasher(),
        get_settings(),
        email=form.typed("email"),
        password=form.typed("password"),
        address=request.remote_addr or "",
        now=now(),
        replaced=visit,
    )
    tell("password_accepted" if attempt.key else "password_refused", attempt.account_id)
    if attempt.key is None:
        form.refuse("email", _WRONG)
        return _show(form)
    renew_tokens()
    return give_key(_ask_for_code(form), attempt.key)


def _ask_for_code(form: WayForm) -> Response:
    """Go on to the second factor; a form kept along the way travels in the page, too long for an address."""
    if not form.kept.data:
        return make_response(redirect(url_for("staff.second_factor", next=way_back(form.next.data)), 303))
    following = CodeForm(formdata=None, data={"next": form.next.data, "kept": form.kept.data})
    return _draw(following, "staff/second_factor.html", 200)


def second_factor() -> BaseResponse:
    """Ask for the code of the telephone."""
    visit = current_visit()
    if visit is None or visit.is_full:
        return _elsewhere()
    form = _read(CodeForm)
    if not form.validate_on_submit():
        return _show(form)
    with get_database().writing() as session:
        attempt = signing_in.give_code(session, get_settings(), visit, code=form.typed("code"), now=now())
    return _after_second(form, attempt, _WRONG_CODE)


def recovery() -> BaseResponse:
    """Ask for a recovery code; a POST without the field only carries a kept form from the page before."""
    visit = current_visit()
    if visit is None or visit.is_full:
        return _elsewhere()
    form = _read(RecoveryForm)
    if "code" not in request.form or not form.validate_on_submit():
        return _show(form)
    with get_database().writing() as session:
        attempt = signing_in.give_recovery_code(session, get_settings(), visit, code=form.typed("code"), now=now())
    return _after_second(form, attempt, _WRONG_RECOVERY)


def _elsewhere() -> BaseResponse:
    """The password has not been given, or everything has: go where that leads, with what was kept."""
    form, visit = _read(WayForm), current_visit()
    if visit is not None and visit.is_full:
        return _arrive(form, visit)
    again = SignInForm(formdata=None, data={"next": form.next.data, "kept": form.kept.data})
    if form.kept.data:
        return _draw(again, "staff/sign_in.html", 403)
    return redirect(url_for("staff.sign_in", next=way_back(form.next.data)), 303)


def _after_second(form: WayForm, attempt: Attempt, wrong: str) -> BaseResponse:
    tell("signed_in" if attempt.key else "second_factor_refused", attempt.account_id)
    if attempt.key is None:
        form.refuse("code", wrong)
        return _show(form)
    renew_tokens()
    settings = get_settings()
    kept_page = kept.open_sealed(settings.secret_key, str(attempt.account_id), form.kept.data)
    return give_key(kept_page or make_response(redirect(way_back(form.next.data), 303)), attempt.key)


def _arrive(form: WayForm, visit: Visit) -> BaseResponse:
    kept_page = kept.open_sealed(get_settings().secret_key, str(visit.account.id), form.kept.data)
    return kept_page or redirect(way_back(form.next.data), 303)


def confirmation() -> BaseResponse:
    """Ask for the password again, before what is sensitive."""
    form, visit = _read(ConfirmForm), current_visit()
    if visit is None or not form.validate_on_submit():
        return _show(form)
    good = signing_in.confirm(
        get_database(), get_hasher(), get_settings(), visit, password=form.typed("password"), now=now()
    )
    tell("confirmed" if good else "confirmation_refused", visit.account.id)
    if not good:
        form.refuse("password", _WRONG_PASSWORD)
        return _show(form)
    return _arrive(form, visit)


def sign_out() -> BaseResponse:
    """End the session. The dead key stays in the browser: a form still open elsewhere finds its author again."""
    visit = current_visit()
    if visit is not None:
        with get_database().writing() as session:
            sessions.sign_out(session, visit, now=now())
        tell("signed_out", visit.account.id)
    renew_tokens()
    return redirect(url_for("staff.sign_in", au_revoir="1"), 303)


def _read(kind: type[Form]) -> Form:
    form = kind()
    if request.method != "POST":
        form.next.data = request.args.get("next", "")
    return form


def _show(form: WayForm) -> Response:
    _, template = _TEMPLATES[request.endpoint or ""]
    return _draw(form, template, 422 if form.problems else 200)


def _draw(form: WayForm, template: str, status: int, notice: str | None = None) -> Response:
    return make_response(render_template(template, form=form, notice=notice), status)


def _old_page(_: CSRFError) -> BaseResponse:
    """The token is of another session: somebody signed in, or out, in another window meanwhile."""
    visit, endpoint = current_visit(), request.endpoint or ""
    signed_in = visit is not None and visit.is_full
    if endpoint not in _TEMPLATES:
        return kept.give_back(400) if signed_in or ACCESS.get(endpoint) is OPEN else ask_to_sign_in()
    if signed_in and endpoint != "staff.confirmation":
        return _elsewhere()
    return _again(400, "Cette page était ouverte depuis longtemps, ou dans une autre fenêtre. Recommencez.")


def _too_many(error: TooManyError) -> BaseResponse:
    if request.endpoint not in _TEMPLATES:
        return kept.give_back(429, error.wait)
    response = _again(429, "Trop d’essais viennent du même endroit. Attendez une minute, puis recommencez.")
    response.headers["Retry-After"] = str(error.wait)
    return response


def _again(status: int, notice: str) -> BaseResponse:
    """Draw a page of the sign-in again, empty but for what it carries."""
    visit, (kind, template) = current_visit(), _TEMPLATES[request.endpoint or ""]
    if visit is None and kind is not SignInForm:
        kind, template = SignInForm, "staff/sign_in.html"
    given = {name: request.form.get(name, "") for name in ("next", "kept")}
    return _draw(kind(formdata=None, data=given), template, status, notice)
