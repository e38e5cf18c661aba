"""A dossier: the person's words first, the path she saw, what happened, and what to do next."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from guide import following, handling, judging
from guide.days import now, today
from guide.errors import GuideError, IllegalMoveError, NotInformedError, StaleError, TooLateError
from guide.handing import HELD
from guide.handling import find_referral
from guide.models import Absence, JournalLine, Referral, StaffAccount
from guide.models.introduction import IntroductionState, in_chain, progress_of
from guide.models.journal import LineKind
from guide.models.referral import Body, ReferralState
from guide.models.staff import Role
from guide.questionnaire import replay
from guide.store import absences, appointments, diagnoses, imports, journal, mails, reference_cases, referrals
from guide.store import desk as store
from guide.tables.holders import describe
from guide.web.shared.forms import SentForm
from guide.web.shared.house import get_database, get_knowledge, get_settings
from guide.web.shared.presenters import answer_lines, query_string
from guide.web.shared.problems import log_fault
from guide.web.staff.dossier_forms import MessageForm, MoveForm, NoteForm
from guide.web.staff.duplicates import gather_duplicates
from guide.web.staff.guard import current_account
from guide.web.staff.introduction_forms import entry_choices
from guide.web.staff.introductions import given
from guide.web.staff.seen import Refusal, refusal_of
from guide.web.staff.trail import tell


def add_routes(blueprint: Blueprint) -> None:
    """Add the page of a dossier and its gestures."""
    blueprint.add_url_rule("/dossiers/<reference>", "dossier", dossier)
    for name, view in (("etat", move), ("message", message), ("note", note), ("orientation", judge)):
        endpoint = view.__name__
        blueprint.add_url_rule(f"/dossiers/<reference>/{name}", endpoint, view, methods=["POST"])
    blueprint.add_url_rule("/envois/<uuid:mail_id>/annulation", "call_back", call_back, methods=["POST"])
    blueprint.add_url_rule("/taches/<uuid:task_id>/code", "give_code", give_code, methods=["POST"])
    blueprint.add_url_rule("/taches/<uuid:task_id>/lien", "give_link", give_link, methods=["POST"])


def dossier(reference: str) -> BaseResponse:
    """Open a dossier; its journal says who read it."""
    return _show(reference)


def _show(
    reference: str,
    *,
    status: int = 200,
    forms: dict[str, SentForm] | None = None,
    moving: GuideError | bool = False,
) -> BaseResponse:
    """Show a dossier with what was typed in its forms; ``moving``: a change of state was refused, and why."""
    _note_reading(reference)
    with get_database().reading() as session:
        referral = find_referral(session, current_account(), reference)
        lines = journal.list_lines(session, referral.id)
        first_names = journal.first_names(session, lines)
        introductions = referrals.list_introductions(session, referral.id)
        assignable = store.list_assignable(session)
        case = reference_cases.find_case(session, referral.id)
        written = diagnoses.list_diagnoses(session, referral.id)
        meetings = appointments.list_appointments(session, referral.id)
        leaving = mails.list_leaving(session, referral.id, current_account().id, now())
        row = imports.find_row(session, referral.id)
        duplicates = gather_duplicates(session, current_account(), referral)
        away = absences.find_away(session, today())
    tell("referral_read", current_account().id)
    move_form, refusal = _move_form(referral, (assignable, away), lines, moving)
    answers = replay(given(referral.answers), get_knowledge())
    page = render_template(
        "staff/dossier.html",
        referral=referral,
        held=referral.state in HELD,
        lines=lines,
        first_names=first_names,
        commune_name=_commune_name,
        state_label=_state_label,
        chained=in_chain(introductions),
        progress=progress_of(introductions),
        imported=list(describe(row.said, get_knowledge().territory)) if row else [],
        follower=next((each for each in assignable if each.id == referral.assigned_to), None),
        answers=answer_lines(answers, query_string(answers.pairs), get_knowledge()),
        forms={
            "move": move_form,
            "message": MessageForm(formdata=None),
            "note": NoteForm(formdata=None),
            **(forms or {}),
        },
        refusal=refusal,
        leaving=leaving,
        duplicates=duplicates,
        appointments=meetings,
        diagnosis=next(iter(written), None),
        case=case,
        every_entry=entry_choices(get_knowledge()),
        done=request.args.get("fait", ""),
    )
    return make_response(page, status)


def _move_form(
    referral: Referral,
    people: tuple[Sequence[StaffAccount], Mapping[UUID, Absence]],
    lines: Sequence[JournalLine],
    moving: GuideError | bool,
) -> tuple[MoveForm, Refusal | None]:
    """The form of a change of state, blank or with what was typed; the moves are those of today."""
    if moving is False:
        form, refusal = MoveForm(referral, *people, formdata=None), None
        form.show(referral, lines)
        return form, refusal
    form = MoveForm(referral, *people)
    if moving is True:
        form.validate()
        return form, None
    refusal = refusal_of(moving, form, lines)
    form.show(referral, lines)
    return form, refusal


def _note_reading(reference: str) -> None:
    """Write in the journal who reads; a database that cannot be written must not close what can still be read."""
    try:
        with get_database().writing() as session:
            following.open_referral(session, current_account(), reference, at=now())
    except SQLAlchemyError as error:
        log_fault(error)


def _state_label(line: JournalLine, value: str) -> str:
    return (IntroductionState if line.kind is LineKind.INTRODUCTION else ReferralState).of(value).label


def _commune_name(code: str | None) -> str:
    commune = get_knowledge().territory.find_commune(code or "")
    return commune.name if commune else "commune inconnue"


def _done(reference: str | None, what: str) -> BaseResponse:
    return redirect(url_for("staff.dossier", reference=reference, fait=what), 303)


def move(reference: str) -> BaseResponse:
    """Move the dossier to another state; what was typed is kept whatever happens."""
    account = current_account()
    with get_database().reading() as session:
        referral = find_referral(session, account, reference)
        form = MoveForm(referral, store.list_assignable(session), absences.find_away(session, today()))
    if not form.validate():
        return _show(reference, status=422, moving=True)
    try:
        with get_database().writing() as session:
            moved = following.move_referral(session, account, reference, form.move, at=now())
    except (StaleError, IllegalMoveError) as error:
        return _show(reference, status=409, moving=error)
    tell("referral_moved", account.id)
    if account.role is Role.ADVISER and moved.assigned_body is not Body.APES:  # no longer hers to open
        return redirect(url_for("staff.desk", fait="rendu"), 303)
    return _done(reference, "etat")


def message(reference: str) -> BaseResponse:
    """Write to the person."""
    form = MessageForm()
    if not form.validate():
        return _show(reference, status=422, forms={"message": form})
    try:
        with get_database().writing() as session:
            following.write_to_person(session, current_account(), reference, form.typed("text"), at=now())
    except NotInformedError as error:
        form.refuse("text", str(error))
        return _show(reference, status=422, forms={"message": form})
    return _done(reference, "message")


def note(reference: str) -> BaseResponse:
    """Write a note for the team."""
    form = NoteForm()
    if not form.validate():
        return _show(reference, status=422, forms={"note": form})
    with get_database().writing() as session:
        following.write_note(session, current_account(), reference, form.typed("note"), at=now())
    return _done(reference, "note")


def judge(reference: str) -> BaseResponse:
    """Say whether the orientation was right, or which door was."""
    with get_database().writing() as session:
        judging.judge(
            session,
            current_account(),
            reference,
            request.form.get("right") or None,
            knowledge=get_knowledge(),
            at=now(),
        )
    return _done(reference, "avis")


def call_back(mail_id: UUID) -> BaseResponse:
    """Call back one's own mail before its minute is over."""
    try:
        with get_database().writing() as session:
            referral = handling.call_back(session, current_account(), mail_id, at=now())
    except TooLateError as error:
        return _done(error.reference, "parti")
    return _done(referral.reference, "arrete")


def give_code(task_id: UUID) -> BaseResponse:
    """Show once the code to read out to the person, at the known number."""
    settings = get_settings()
    with get_database().writing() as session:
        referral, code = following.give_code(
            session, current_account(), task_id, secret=settings.secret_key, now=now(), delays=settings.delays
        )
    tell("code_given", current_account().id)
    return make_response(render_template("staff/given.html", referral=referral, code=code, link=None))


def give_link(task_id: UUID) -> BaseResponse:
    """Show once the new link to send to the person, at the known number."""
    with get_database().writing() as session:
        referral, token = following.give_link(session, current_account(), task_id, now=now())
    tell("link_given", current_account().id)
    link = f"{get_settings().public_url}{url_for('tracking.page', token=token)}"
    return make_response(render_template("staff/given.html", referral=referral, code=None, link=link))
