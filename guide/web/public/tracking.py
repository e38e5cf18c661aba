"""The tracking page: a secret link shows where a request stands, adds a word, withdraws; a code opens the data."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from guide import privacy, questioning, tracking
from guide.days import now, today
from guide.errors import ExpiredLinkError, NotFoundError, TooManyError, UnknownLinkError
from guide.models import Referral
from guide.secrecy import digest
from guide.text import typeset
from guide.tracking import Following
from guide.web.public.tracking_forms import CodeForm, CorrectionForm, FeedbackForm, LostLinkForm, MessageForm
from guide.web.public.tracking_words import DONE, STEPS, TOO_MANY_WORDS, line_said, next_step, wait_in_words
from guide.web.shared.calendar_file import calendar_file
from guide.web.shared.house import caller, get_database, get_settings

# What the browser keeps: the key that a code gave it, the link whose data it has just erased.
_OPENED, _ERASED = "opened", "erased"


def make_blueprint() -> Blueprint:
    """Gather the pages of a secret link; none of them is kept, indexed, or named to another site."""
    blueprint = Blueprint("tracking", __name__, url_prefix="/suivi")
    blueprint.add_url_rule("", "lost", lost, methods=["GET", "POST"])
    blueprint.add_url_rule("/avis/<token>", "feedback", feedback, methods=["GET", "POST"])
    blueprint.add_url_rule("/<token>", "page", page)
    blueprint.add_url_rule("/<token>/recue", "received", received)
    blueprint.add_url_rule("/<token>/rendez-vous/<uuid:appointment_id>.ics", "appointment_file", appointment_file)
    blueprint.add_url_rule("/<token>/pre-diagnostic", "diagnosis", diagnosis)
    blueprint.add_url_rule("/<token>/message", "message", message, methods=["POST"])
    blueprint.add_url_rule("/<token>/retrait", "withdrawal", withdrawal, methods=["GET", "POST"])
    blueprint.add_url_rule("/<token>/code", "ask_code", ask_code, methods=["POST"])
    blueprint.add_url_rule("/<token>/mes-donnees", "data", data, methods=["GET", "POST"])
    blueprint.add_url_rule("/<token>/mes-donnees/acces", "enter", enter, methods=["POST"])
    blueprint.add_url_rule("/<token>/mes-donnees/copie", "copy", copy, methods=["POST"])
    blueprint.add_url_rule("/<token>/mes-donnees/effacement", "erasure", erasure, methods=["GET", "POST"])
    blueprint.after_app_request(_keep_secret)
    for missing in (UnknownLinkError, NotFoundError):  # never made, or erased while the page was open
        blueprint.register_error_handler(missing, lambda _: _say_missing())
    blueprint.register_error_handler(
        ExpiredLinkError, lambda _: (render_template("tracking/link_error.html", over=True), 410)
    )
    return blueprint


def _say_missing() -> tuple[str, int]:
    """Nothing is known of a link that leads nowhere, but the browser that has just erased its data remembers it."""
    token = (request.view_args or {}).get("token", "")
    if session.get(_ERASED) == digest(token):
        return render_template("tracking/erased.html"), 410
    return render_template("tracking/link_error.html", over=False), 404


def _keep_secret(response: Response) -> Response:
    """Also what no route answers: a secret link badly copied is still one."""
    if not request.path.startswith("/suivi"):
        return response
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _read(token: str) -> Following:
    with get_database().reading() as session_:
        return tracking.follow(session_, token, now=now(), delays=get_settings().delays)


def _show(template: str, token: str, following: Following, **more: object) -> str:
    delays = get_settings().delays
    return render_template(
        template,
        token=token,
        following=following,
        referral=following.referral,
        link=f"{get_settings().public_url}{url_for('tracking.page', token=token)}",
        step=next_step(following, tracking.promised_by(following, delays), today()),
        steps=STEPS,
        said=line_said,
        done=typeset(DONE.get(request.args.get("fait", ""), "")),
        **more,
    )


def _back(token: str, done: str, endpoint: str = "page") -> BaseResponse:
    return redirect(url_for(f"tracking.{endpoint}", token=token, fait=done), 303)


def page(token: str) -> str:
    """Where the request stands, what comes next and by when, who has it, what was said."""
    return _show("tracking/page.html", token, _read(token), form=MessageForm())


def received(token: str) -> str:
    """The page after sending: a reference to note, a link to keep; it prints as a receipt."""
    return _show("tracking/received.html", token, _read(token))


def message(token: str) -> BaseResponse | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Add a word to the request."""
    form, following = MessageForm(), _read(token)
    if not form.validate():
        return _show("tracking/page.html", token, following, form=form), 422
    try:
        with get_database().writing() as session_:
            tracking.write_word(session_, following.referral.id, form.text.data or "", at=now())
    except TooManyError as error:
        form.refuse("text", TOO_MANY_WORDS.format(wait_in_words(error.wait)))
        return _show("tracking/page.html", token, following, form=form), 429, {"Retry-After": str(error.wait)}
    return _back(token, "message")


def appointment_file(token: str, appointment_id: UUID) -> Response:
    """An appointment to come, for the calendar of the person."""
    found = next((each for each in _read(token).appointments if each.id == appointment_id), None)
    if found is None:
        raise NotFoundError
    title = "Rendez-vous pour mon projet (Mission ESS)"
    return calendar_file(found, title=title, host=request.host.partition(":")[0], at=now())


def diagnosis(token: str) -> str:
    """The pre-diagnosis that was given to her, on one page."""
    following = _read(token)
    with get_database().reading() as session_:
        found, author = tracking.read_diagnosis(session_, following.referral.id)
    return _show("tracking/diagnosis.html", token, following, diagnosis=found, author=author)


def withdrawal(token: str) -> BaseResponse | str:
    """Withdraw the request, after asking once."""
    following = _read(token)
    if request.method != "POST":
        return _show("tracking/withdrawal.html", token, following)
    with get_database().writing() as session_:
        tracking.withdraw(session_, following.referral.id, at=now())
    return _back(token, "retrait")


def feedback(token: str) -> BaseResponse | tuple[str, int]:
    """Say, once the request is closed, whether it helped, or where the project stands."""
    settings = get_settings()
    with get_database().reading() as session_:
        question = questioning.find_question(
            session_, token, secret=settings.secret_key, now=now(), delays=settings.delays
        )
    form = FeedbackForm(question)
    if request.method != "POST" or not form.validate():
        page_ = render_template(
            "tracking/feedback.html", token=token, question=question, form=form, done=request.args.get("fait") == "avis"
        )
        return page_, 422 if form.problems else 200
    with get_database().writing() as session_:
        questioning.answer(session_, question, form.given, form.text.data or None, at=now())
    return redirect(url_for("tracking.feedback", token=token, fait="avis"), 303)


def ask_code(token: str) -> BaseResponse:
    """Ask for the code that opens the data."""
    following = _read(token)
    with get_database().writing() as session_:
        tracking.ask_code(session_, following.referral.id, secret=get_settings().secret_key, at=now())
    return _back(token, "code", "data")


def _find_opened(following: Following) -> Referral | None:
    with get_database().reading() as session_:
        return tracking.find_opened(session_, following.referral.id, session.get(_OPENED), now=now())


def data(token: str) -> BaseResponse | str | tuple[str, int]:
    """Read and correct one's data, once a code has opened them."""
    following = _read(token)
    opened = _find_opened(following)
    if opened is None:
        return _show("tracking/data_closed.html", token, following, form=CodeForm())
    form = CorrectionForm(obj=opened)
    if request.method != "POST" or not form.validate():
        return _show("tracking/data.html", token, following, form=form), 422 if form.problems else 200
    with get_database().writing() as session_:
        privacy.correct(session_, following.referral.id, form.changes, at=now())
    return _back(token, "correction", "data")


def enter(token: str) -> BaseResponse | tuple[str, int]:
    """Enter the code; a wrong one says how many tries are left."""
    form, following, settings = CodeForm(), _read(token), get_settings()
    if not form.validate():
        return _show("tracking/data_closed.html", token, following, form=form), 422
    with get_database().writing() as session_:
        entered = tracking.enter_code(
            session_,
            following.referral.id,
            form.code.data or "",
            secret=settings.secret_key,
            now=now(),
            delays=settings.delays,
        )
    if entered.key is None:
        return _show("tracking/data_closed.html", token, following, form=form, wrong=entered), 422
    session[_OPENED] = entered.key
    return redirect(url_for("tracking.data", token=token), 303)


def copy(token: str) -> BaseResponse | Response:
    """Everything that is kept of the request, as a JSON file."""
    following = _read(token)
    if not _find_opened(following):
        return _back(token, "ferme", "data")
    with get_database().writing() as session_:
        kept = privacy.export(session_, following.referral.id, at=now())
    response = jsonify(kept)
    response.headers["Content-Disposition"] = f'attachment; filename="demande-{following.referral.reference}.json"'
    return response


def erasure(token: str) -> BaseResponse | str:
    """Erase one's data, after asking once."""
    following = _read(token)
    if not _find_opened(following):
        return _back(token, "ferme", "data")
    if request.method != "POST":
        return _show("tracking/erasure.html", token, following)
    with get_database().writing() as session_:
        privacy.erase(session_, following.referral.id, at=now())
    get_database().forget()
    session.pop(_OPENED, None)
    session[_ERASED] = digest(token)
    return render_template("tracking/erased.html")


def lost() -> str | tuple[str, int]:
    """Ask for a new link; the answer is the same whether the contact is known or not."""
    form, settings = LostLinkForm(), get_settings()
    if request.method != "POST" or not form.validate():
        return render_template("tracking/lost.html", form=form, sent=False), 422 if form.problems else 200
    with get_database().writing() as session_:
        tracking.ask_link(
            session_,
            email=form.email,
            phone=form.phone,
            secret=settings.secret_key,
            caller=caller(),
            at=now(),
            delays=settings.delays,
        )
    return render_template("tracking/lost.html", form=form, sent=True)
