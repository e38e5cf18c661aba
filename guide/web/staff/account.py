"""My account: another password, another telephone, other recovery codes."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from guide.accounts import enrolment, passwords, second_factor, signing_in
from guide.accounts.sessions import Visit
from guide.days import now
from guide.secrecy import seal, unseal
from guide.store import accounts as store
from guide.web.shared.house import get_database, get_settings
from guide.web.staff.cookie import give_key, renew_tokens
from guide.web.staff.forms import ChangePasswordForm, TelephoneForm
from guide.web.staff.guard import get_hasher, signed_in_visit
from guide.web.staff.links import WRONG_CODE
from guide.web.staff.qr import draw
from guide.web.staff.trail import tell

_HALFWAY = 3600  # seconds to read the code of a new telephone


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages of one's own account."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/mon-compte", "account", account)
    blueprint.add_url_rule("/mon-compte/mot-de-passe", "change_password", change_password, methods=both)
    blueprint.add_url_rule("/mon-compte/telephone", "change_telephone", change_telephone, methods=both)
    blueprint.add_url_rule("/mon-compte/codes", "renew_codes", renew_codes, methods=both)


def account() -> str:
    """What proves who I am, and how to change it."""
    with get_database().reading() as session:
        left = len(store.list_unused_recovery_codes(session, signed_in_visit().account.id))
    return render_template("staff/account.html", codes_left=left, done=request.args.get("fait"))


def change_password() -> BaseResponse:
    """Change my password: my other devices are signed out."""
    form, visit = ChangePasswordForm(), signed_in_visit()
    if not form.validate_on_submit() or not _is_good(form, visit):
        return make_response(render_template("staff/password.html", form=form), 422 if form.problems else 200)
    password_hash = get_hasher().hash(form.typed("password"))
    with get_database().writing() as session:
        key = enrolment.change_password(session, visit, password_hash=password_hash, now=now())
    tell("password_changed", visit.account.id)
    renew_tokens()
    return give_key(_done("mot-de-passe"), key)


def _is_good(form: ChangePasswordForm, visit: Visit) -> bool:
    reason = passwords.refusal(form.typed("password"), email=visit.account.email, name=visit.account.name)
    if reason:
        form.refuse("password", reason)
        return False
    typed, services = form.typed("current_password"), (get_database(), get_hasher(), get_settings())
    good = signing_in.check_password(*services, visit, password=typed, now=now())
    if not good:
        tell("confirmation_refused", visit.account.id)
        form.refuse("current_password", "Ce n’est pas votre mot de passe actuel, ou il y a eu trop d’essais.")
    return good


def change_telephone() -> BaseResponse:
    """Add another telephone in the place of the first."""
    visit, settings, form = signed_in_visit(), get_settings(), TelephoneForm()
    purpose = f"telephone|{visit.session.id}"
    seed = unseal(settings.secret_key, purpose, form.typed("sealed"), seconds=_HALFWAY) or second_factor.new_seed()
    form.sealed.data = seal(settings.secret_key, purpose, seed)
    if form.validate_on_submit():
        with get_database().writing() as session:
            code = form.typed("code")
            good = enrolment.change_telephone(session, settings, visit, seed=seed, code=code, now=now())
        if good:
            tell("telephone_changed", visit.account.id)
            return _done("telephone")
        form.refuse("code", WRONG_CODE)
    return _show_telephone(form, visit, seed)


def _show_telephone(form: TelephoneForm, visit: Visit, seed: str) -> Response:
    address = second_factor.seed_address(seed, visit.account.email)
    page = render_template(
        "staff/telephone.html", form=form, account=visit.account, seed=seed, address=address, drawing=draw(address)
    )
    return make_response(page, 422 if form.problems else 200)


def renew_codes() -> BaseResponse:
    """Make ten other recovery codes, shown once."""
    visit = signed_in_visit()
    if request.method != "POST":
        return make_response(render_template("staff/renew_codes.html"))
    with get_database().writing() as session:
        codes = enrolment.renew_recovery_codes(session, get_settings(), visit)
    tell("codes_renewed", visit.account.id)
    return make_response(render_template("staff/codes.html", codes=codes, first=False))


def _done(what: str) -> Response:
    return make_response(redirect(url_for("staff.account", fait=what), 303))
