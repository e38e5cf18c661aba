"""Asking to be contacted: the form, a page to check it, and only then the request is recorded."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from guide.content.models import Entry
from guide.days import now, today
from guide.drafting import Request, draft_referral
from guide.models.referral import Origin
from guide.orientation import Path, propose
from guide.questionnaire import Answers
from guide.referring import Recorded, record_referral
from guide.secrecy import new_form_key, read_form_key
from guide.web.public.questionnaire import read_answers
from guide.web.public.request_form import CALL_WHEN, SHORTEST_TIME, RequestForm
from guide.web.shared.house import caller, get_database, get_knowledge, get_settings
from guide.web.shared.presenters import answer_lines, query_string

_OLDEST_PATH = timedelta(days=7)  # a path seen longer ago is drawn again as it is today


def add_routes(blueprint: Blueprint) -> None:
    """Add the form of the request."""
    blueprint.add_url_rule("/demande", "request", ask, methods=["GET", "POST"])


@dataclass(frozen=True, slots=True)
class Context:
    """Where a request comes from: the answers, the path that was on screen, the card, who fills the form in."""

    answers: Answers
    path: Path | None
    entry: Entry | None
    assisted: bool

    @property
    def origin(self) -> Origin:
        """The page that led here."""
        return Origin.ORIENTATION if self.path else Origin.ENTRY if self.entry else Origin.HOME

    @property
    def offered(self) -> list[str]:
        """The entries to which the person may be introduced: the card, then the path."""
        ids = [self.entry.id] if self.entry else []
        ids += [proposal.entry.id for proposal in self.path.proposals] if self.path else []
        return list(dict.fromkeys(ids))


def read_context() -> Context:
    """Read where the request comes from; what is unknown or too old in the address is left aside."""
    knowledge, answers = get_knowledge(), read_answers()
    path = propose(answers.profile, knowledge, _seen_on()) if answers.values else None
    entry = knowledge.entries.get(request.args.get("fiche", ""))
    return Context(answers, path, entry, assisted=request.args.get("aide") == "1")


def _seen_on() -> date:
    try:
        seen = date.fromisoformat(request.args.get("vu", ""))
    except ValueError:
        return today()
    return seen if timedelta() <= today() - seen <= _OLDEST_PATH else today()


def ask() -> BaseResponse | str | tuple[str, int]:
    """Fill in, check, send; each step is a button, and nothing is recorded before the last."""
    context = read_context()
    form = RequestForm(get_knowledge(), context.offered, assisted=context.assisted)
    step = request.form.get("etape")
    if request.method != "POST":
        return _show_new(form, context)
    if not form.validate() or step == "modifier":
        return _show(form, context), 422 if form.problems else 200
    return _send(form, context) if step == "envoyer" else _show_check(form, context)


def _show_new(form: RequestForm, context: Context) -> str:
    form.form_key.data = new_form_key(get_settings().secret_key)
    form.structures.data = [context.entry.id] if context.entry else []  # the person pressed its own button
    if commune := get_knowledge().territory.communes.get(context.answers.profile.commune or ""):
        form.commune.data, form.commune_texte.data = commune.code, commune.name
    return _show(form, context)


def _show(form: RequestForm, context: Context) -> str:
    lines = answer_lines(context.answers, query_string(context.answers.pairs), get_knowledge(), short=True)
    assisted_url = f"{request.full_path}{'&' if request.query_string else ''}aide=1"
    return render_template(
        "request/form.html", form=form, context=context, lines=lines, why=form.voice.why, assisted_url=assisted_url
    )


def _show_check(form: RequestForm, context: Context, *, again: bool = False) -> str:
    return render_template("request/check.html", form=form, context=context, again=again, call_when=dict(CALL_WHEN))


def _send(form: RequestForm, context: Context) -> BaseResponse | str | tuple[str, int]:
    secret = get_settings().secret_key
    key = read_form_key(secret, form.form_key.data, now())
    if key is None:
        form.form_key.data = new_form_key(secret)
    if not form.confirmed.data and (key is None or key[1] < SHORTEST_TIME or form.website.data):
        return _show_check(form, context, again=True)
    if key is None:
        return _show_check(form, context, again=True), 400
    recorded = _record(form, context, key[0])
    if recorded.token is None:
        return render_template("request/known.html", referral=recorded.referral, added=recorded.added)
    return redirect(url_for("tracking.received", token=recorded.token), 303)


def _record(form: RequestForm, context: Context, form_key: str) -> Recorded:
    try:
        return _record_once(form, context, form_key)
    except IntegrityError:  # another click was recorded this very moment, now it is found; or the reference was taken
        return _record_once(form, context, form_key)


def _record_once(form: RequestForm, context: Context, form_key: str) -> Recorded:
    draft = draft_referral(
        _request(form, context),
        form_key=form_key,
        shown=context.path,
        knowledge=get_knowledge(),
        secret=get_settings().secret_key,
        at=now(),
    )
    with get_database().writing() as session:
        return record_referral(session, draft, caller=caller())


def _request(form: RequestForm, context: Context) -> Request:
    return Request(
        name=form.name.data,
        email=form.email.data or None,
        phone=form.phone.data or None,
        commune=form.commune.data,
        project_name=form.project_name.data or None,
        words=form.words.data or None,
        call_when=tuple(form.call_when.data or []),
        helper=form.helper.data or None if context.assisted else None,
        structures=tuple(form.structures.data or []),
        origin=context.origin,
        answers=tuple(context.answers.pairs),
        profile=context.answers.profile,
        to_watch=bool(form.confirmed.data),
    )
