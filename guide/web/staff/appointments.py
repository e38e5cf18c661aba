"""The appointments of a dossier: set, moved, held, missed or called off, and as a file for one's calendar."""

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from guide import meeting
from guide.days import now
from guide.errors import GuideError, NotFoundError
from guide.handling import find_referral
from guide.store import appointments as store
from guide.store import journal
from guide.text import typeset
from guide.web.shared.calendar_file import calendar_file
from guide.web.shared.house import get_database
from guide.web.staff.appointment_forms import AppointmentForm, EndForm
from guide.web.staff.guard import current_account
from guide.web.staff.seen import SeenForm, refusal_of
from guide.web.staff.trail import tell

_DRAFT = (
    "Bonjour {name},\n\nComme convenu, nous nous parlons bientôt. Le moment et le lieu sont indiqués plus bas.\n\n"
    "Un empêchement ? Répondez-nous, nous trouverons un autre moment.\n\n{who}"
)


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages of the appointments of a dossier."""
    folder, both = "/dossiers/<reference>/rendez-vous", ["GET", "POST"]
    one = f"{folder}/<uuid:appointment_id>"
    blueprint.add_url_rule(folder, "set_appointment", set_appointment, methods=both)
    blueprint.add_url_rule(one, "appointment", set_appointment, methods=both)
    blueprint.add_url_rule(f"{one}/suite", "end_appointment", end_appointment, methods=["POST"])
    blueprint.add_url_rule(f"{one}.ics", "appointment_file", appointment_file)


def set_appointment(reference: str, appointment_id: UUID | None = None) -> BaseResponse:
    """Set an appointment, or move one that is set."""
    form = AppointmentForm()
    if request.method != "POST" or not form.validate():
        return _show(reference, appointment_id, form=form, status=422 if form.problems else 200)
    try:
        with get_database().writing() as session:
            meeting.set_appointment(
                session,
                current_account(),
                reference,
                form.slot,
                version=form.seen_version,
                message=form.typed("word"),
                at=now(),
                appointment_id=appointment_id,
            )
    except NotFoundError:
        raise
    except GuideError as error:
        return _show(reference, appointment_id, form=form, status=409, error=error)
    tell("appointment_set", current_account().id)
    return redirect(url_for("staff.dossier", reference=reference, fait="rendez-vous"), 303)


def end_appointment(reference: str, appointment_id: UUID) -> BaseResponse:
    """Say what became of an appointment."""
    end = EndForm()
    if not end.validate():
        return _show(reference, appointment_id, end=end, status=422)
    try:
        with get_database().writing() as session:
            meeting.end_appointment(
                session,
                current_account(),
                reference,
                appointment_id,
                end.end,
                version=end.seen_version,
                message=end.typed("word_after") or None,
                at=now(),
            )
    except NotFoundError:
        raise
    except GuideError as error:
        return _show(reference, appointment_id, end=end, status=409, error=error)
    tell("appointment_ended", current_account().id)
    return redirect(url_for("staff.dossier", reference=reference, fait="rendez-vous-dit"), 303)


def _show(
    reference: str,
    appointment_id: UUID | None,
    *,
    form: AppointmentForm | None = None,
    end: EndForm | None = None,
    status: int = 200,
    error: GuideError | None = None,
) -> BaseResponse:
    account = current_account()
    with get_database().reading() as session:
        referral = find_referral(session, account, reference)
        lines = journal.list_lines(session, referral.id)
        appointment = store.get_appointment(session, referral.id, appointment_id) if appointment_id else None
    setting, ending = form or AppointmentForm(formdata=None), end or EndForm(formdata=None)
    sent: SeenForm = setting if end is None else ending
    refusal = refusal_of(error, sent, lines) if error else None
    if request.method != "POST" or end is not None:
        setting.word.data = typeset(_DRAFT.format(name=referral.name, who=account.first_name))
        if appointment is not None:
            setting.fill(appointment)
    for each in (setting, ending):
        if each is not sent or status != 422:
            each.show(referral, lines)
    page = render_template(
        "staff/appointment.html",
        referral=referral,
        appointment=appointment,
        form=setting,
        end=ending,
        problems=sent.problems,
        refusal=refusal,
    )
    return make_response(page, status)


def appointment_file(reference: str, appointment_id: UUID) -> Response:
    """One appointment, for the calendar of who holds it."""
    with get_database().reading() as session:
        referral = find_referral(session, current_account(), reference)
        appointment = store.get_appointment(session, referral.id, appointment_id)
    title = f"{referral.name} ({referral.reference})"
    return calendar_file(appointment, title=title, host=request.host.partition(":")[0], at=now())
