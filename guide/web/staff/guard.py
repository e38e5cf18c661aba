"""Who may ask for what among the pages of the team: denied by default.

Add each new endpoint to ``ACCESS``; without it the endpoint answers 403 to everybody. The roles come from the account,
read at each request: what is taken away is gone at once.
"""

from flask import Response, abort, current_app, g, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from guide.accounts.passwords import Hasher
from guide.accounts.sessions import Visit, find_owner, find_visit, note_visit, wants_to_be_seen
from guide.days import now
from guide.models import StaffAccount
from guide.models.staff import Role
from guide.web.shared import kept
from guide.web.shared.house import get_database, get_settings
from guide.web.shared.problems import log_fault
from guide.web.staff.cookie import read_key
from guide.web.staff.forms import ConfirmForm, SignInForm
from guide.web.staff.trail import tell

HASHER = "guide-hasher"
EVERY_ROLE = frozenset(Role)
OFFICERS = frozenset({Role.OFFICER})
WORKING = frozenset({Role.OFFICER, Role.ADVISER})  # who may change a referral
OPEN: frozenset[Role] = frozenset()  # whoever comes: what lets somebody in

ACCESS: dict[str, frozenset[Role]] = {
    "staff.sign_in": OPEN,
    "staff.second_factor": OPEN,
    "staff.recovery": OPEN,
    "staff.invitation": OPEN,
    "staff.forgotten": OPEN,
    "staff.reset": OPEN,
    "staff.sign_out": EVERY_ROLE,
    "staff.confirmation": EVERY_ROLE,
    "staff.desk": EVERY_ROLE,
    "staff.committee": EVERY_ROLE,
    "staff.dossier": EVERY_ROLE,
    "staff.move": WORKING,
    "staff.attempt": WORKING,
    "staff.message": WORKING,
    "staff.note": WORKING,
    "staff.still_in": WORKING,
    "staff.close": WORKING,
    "staff.pause": WORKING,
    "staff.wake": WORKING,
    "staff.absences": WORKING,
    "staff.end_absence": WORKING,
    "staff.hand_over": WORKING,
    "staff.introduce": WORKING,
    "staff.introduction": WORKING,
    "staff.call_back": WORKING,
    "staff.judge": WORKING,
    "staff.diagnosis": WORKING,
    "staff.diagnosis_page": EVERY_ROLE,
    "staff.set_appointment": WORKING,
    "staff.appointment": WORKING,
    "staff.end_appointment": WORKING,
    "staff.appointment_file": EVERY_ROLE,
    "staff.give_code": OFFICERS,
    "staff.give_link": OFFICERS,
    "staff.imports": OFFICERS,
    "staff.import_template": OFFICERS,
    "staff.import_preview": OFFICERS,
    "staff.abandon_import": OFFICERS,
    "staff.account": EVERY_ROLE,
    "staff.components": EVERY_ROLE,
    "staff.change_password": EVERY_ROLE,
    "staff.change_telephone": EVERY_ROLE,
    "staff.renew_codes": EVERY_ROLE,
    "staff.team": OFFICERS,
    "staff.send_link": OFFICERS,
    "staff.disable": OFFICERS,
    "staff.hand_desk": OFFICERS,
}
# What asks for the password again, when it was not given in the last minutes.
CONFIRMED = frozenset({"staff.change_telephone", "staff.renew_codes", "staff.team", "staff.send_link", "staff.disable"})


def guard() -> BaseResponse | None:
    """Before each page of the team: let through, send to the sign-in, ask for the password again, or refuse."""
    allowed = ACCESS.get(request.endpoint or "")
    if allowed is OPEN or request.method == "OPTIONS":
        return None
    visit = current_visit()
    if visit is None or not visit.is_full:
        return ask_to_sign_in()
    if allowed is None or visit.account.role not in allowed:
        tell("access_refused", visit.account.id)
        abort(403)
    if request.endpoint in CONFIRMED and not visit.is_confirmed(now()):
        return _ask_to_confirm(visit)
    return None


def current_visit() -> Visit | None:
    """Who is here, the sign-in perhaps half done; read once per request."""
    if "visit" not in g:
        g.visit = _find_visit()
    visit: Visit | None = g.visit
    return visit


def signed_in_visit() -> Visit:
    """The session of who is signed in; only views behind the guard may ask."""
    visit = current_visit()
    if visit is None or not visit.is_full:
        abort(403)
    return visit


def current_account() -> StaffAccount:
    """The account of who is signed in; only views behind the guard may ask."""
    return signed_in_visit().account


def signed_in_account() -> StaffAccount | None:
    """The account of who is signed in, if any: what the layout shows."""
    visit = g.get("visit")  # not read for the layout's sake: an error page must be drawn without a database
    return visit.account if visit is not None and visit.is_full else None


def get_hasher() -> Hasher:
    """What weighs passwords; one per application."""
    hasher: Hasher = current_app.extensions[HASHER]
    return hasher


def _find_visit() -> Visit | None:
    key, moment, database = read_key(), now(), get_database()
    if key is None:
        return None
    with database.reading() as session:
        visit = find_visit(session, key, now=moment, delays=get_settings().delays)
    if visit is not None and wants_to_be_seen(visit, moment):
        try:
            with database.writing() as session:
                note_visit(session, visit, now=moment)
        except SQLAlchemyError as error:  # what is already written can still be read
            log_fault(error)
    return visit


def ask_to_sign_in() -> BaseResponse:
    """Send to the sign-in; what was being sent comes along, sealed for the account that was writing it."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("staff.sign_in", next=request.full_path.rstrip("?")), 303)
    sealed = _keep_form()
    if sealed is None:
        can_be_opened = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
        return redirect(url_for("staff.sign_in", next=request.path if can_be_opened else None), 303)
    form = SignInForm(formdata=None)
    form.kept.data = sealed
    return _page("staff/sign_in.html", form=form)


def _keep_form() -> str | None:
    key = read_key()
    if key is None:
        return None
    with get_database().reading() as session:
        owner = find_owner(session, key)
    return kept.seal_form(get_settings().secret_key, str(owner.account.id)) if owner else None


def _ask_to_confirm(visit: Visit) -> BaseResponse:
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("staff.confirmation", next=request.full_path.rstrip("?")), 303)
    form = ConfirmForm(formdata=None)
    form.kept.data = kept.seal_form(get_settings().secret_key, str(visit.account.id))
    form.next.data = url_for("staff.team" if request.path.startswith("/equipe/agents") else "staff.account")
    return _page("staff/confirmation.html", form=form)


def _page(template: str, *, form: SignInForm | ConfirmForm) -> Response:
    return make_response(render_template(template, form=form, notice=None), 403)
