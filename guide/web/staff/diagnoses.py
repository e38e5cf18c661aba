"""The pre-diagnosis of a dossier: drafted from the answers, written, kept version after version, printed."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from guide import diagnosing
from guide.days import now, today
from guide.errors import GuideError, NotFoundError
from guide.handling import find_referral
from guide.orientation import propose
from guide.questionnaire import replay
from guide.sketching import sketch
from guide.store import accounts, journal
from guide.store import diagnoses as store
from guide.web.shared.house import get_database, get_knowledge
from guide.web.staff.diagnosis_form import DiagnosisForm
from guide.web.staff.guard import current_account
from guide.web.staff.introductions import given
from guide.web.staff.seen import refusal_of
from guide.web.staff.trail import tell


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages of a pre-diagnosis."""
    one = "/dossiers/<reference>/pre-diagnostic"
    blueprint.add_url_rule(one, "diagnosis", diagnosis, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/<int:number>", "diagnosis_page", diagnosis_page)


def diagnosis(reference: str) -> BaseResponse:
    """Write a pre-diagnosis, from the last version or from what the person answered."""
    form = DiagnosisForm()
    if request.method != "POST" or not form.validate():
        return _show(reference, form, status=422 if form.problems else 200)
    share = "partager" in request.form
    try:
        with get_database().writing() as session:
            diagnosing.write_diagnosis(
                session, current_account(), reference, form.texts, based_on=form.seen_version, share=share, at=now()
            )
    except NotFoundError:
        raise
    except GuideError as error:
        return _show(reference, form, status=409, error=error)
    tell("diagnosis_written", current_account().id)
    done = "diagnostic-envoye" if share else "diagnostic"
    return redirect(url_for("staff.dossier", reference=reference, fait=done), 303)


def _show(reference: str, form: DiagnosisForm, *, status: int, error: GuideError | None = None) -> BaseResponse:
    with get_database().reading() as session:
        referral = find_referral(session, current_account(), reference)
        lines = journal.list_lines(session, referral.id)
        versions = store.list_diagnoses(session, referral.id)
    refusal = refusal_of(error, form, lines) if error else None
    if request.method != "POST":
        path = propose(replay(given(referral.answers), get_knowledge()).profile, get_knowledge(), today())
        form.fill(versions[0].texts if versions else sketch(path, referral.words, get_knowledge()))
    if status != 422:
        form.show(referral, lines)
        form.version.data = str(versions[0].number if versions else 0)
    page = render_template("staff/diagnosis.html", referral=referral, form=form, versions=versions, refusal=refusal)
    return make_response(page, status)


def diagnosis_page(reference: str, number: int) -> str:
    """One version on one page, as the person receives it."""
    with get_database().reading() as session:
        referral = find_referral(session, current_account(), reference)
        versions = store.list_diagnoses(session, referral.id)
        found = next((each for each in versions if each.number == number), None)
        if found is None:
            raise NotFoundError
        author = accounts.get_account(session, found.staff_id)
    return render_template("staff/diagnosis_page.html", referral=referral, diagnosis=found, author=author.first_name)
