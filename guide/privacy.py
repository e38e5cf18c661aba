"""Privacy: a person's rights over her data, and forgetting. One list says what stays; all else goes.

``docs/donnees-personnelles.md`` says the same in French; a test compares both with the tables.
"""

from dataclasses import astuple
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from guide.days import PARIS, paris_day
from guide.delays import Delays, add_months
from guide.models import (
    Appointment,
    ContactAttempt,
    Diagnosis,
    JournalLine,
    OutgoingMail,
    ReferenceCase,
    Referral,
    Reminder,
    RightsCode,
    RightsTask,
    TrackingToken,
)
from guide.models.introduction import IntroductionState
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import FIELD_NAMES, Outcome, ReferralState
from guide.outbox import announce
from guide.store import (
    access,
    accounts,
    appointments,
    diagnoses,
    due,
    duplicates,
    imports,
    journal,
    referrals,
    tallies,
    unknown_words,
)
from guide.tables.holders import label

_GOES_WHOLE = (
    Appointment,
    Diagnosis,
    ReferenceCase,
    JournalLine,
    ContactAttempt,
    TrackingToken,
    RightsCode,
    RightsTask,
    OutgoingMail,
    Reminder,
)
_CLOCK_REMEMBERS = 13  # months: longer than anything that the clock does once
_BECOMES_A_MONTH = ("received_at", "state_since", "last_contact_at", "moved_at", "news_at", "closed_at")
_BLANK: dict[str, Any] = {"call_when": [], "answers": [], "to_watch": False}  # None for the others
# What stays of a referral once it is anonymised: figures, and nothing that leads back to somebody.
KEPT = ("id", "version", "state", "outcome", "origin", "epci", "stage", "needs", "outside_networks", "assigned_body")
_PARTS = ("constats", "besoins", "intérêt d'un parcours ou d'un dispositif", "points d'attention")
_CORRECTABLE = ("name", "email", "phone", "project_name", "words", "call_when")


def correct(session: Session, referral_id: UUID, changes: dict[str, Any], *, at: datetime) -> None:
    """Correct what the person said; the journal names the fields, never what stood there."""
    held = referrals.hold_referral(session, referral_id)
    changed = [name for name in _CORRECTABLE if name in changes and getattr(held, name) != changes[name]]
    if not changed:
        return
    locked = referrals.lock_referral(session, referral_id)
    for name in changed:
        setattr(locked, name, changes[name])
    locked.index_names()
    text = ", ".join(FIELD_NAMES[name] for name in changed)
    journal.add_line(session, locked, LineKind.CORRECTED, at=at, author=Author.PERSON, text=text, visible=True)


def export(session: Session, referral_id: UUID, *, at: datetime) -> dict[str, Any]:
    """Everything that is kept of a person's request, in French keys, and the trace that it was asked for."""
    referral = referrals.hold_referral(session, referral_id)
    lines = journal.list_lines(session, referral.id)
    row = imports.find_row(session, referral.id)
    introductions = referrals.list_introductions(session, referral.id)
    written = diagnoses.list_diagnoses(session, referral.id)
    meetings = appointments.list_appointments(session, referral.id)
    journal.add_line(session, referral, LineKind.DOWNLOADED, at=at, author=Author.PERSON)
    said = {FIELD_NAMES[name]: getattr(referral, name) for name in FIELD_NAMES}
    return {
        "référence": referral.reference,
        "reçue le": referral.received_at.isoformat(),
        "état": referral.state.label,
        "issue": referral.outcome.label if referral.outcome else None,
        **said,
        "réponses au questionnaire": referral.answers,
        "chemin proposé": referral.shown,
        "tableau de la Mission ESS": {label(name): value for name, value in row.said.items()} if row else None,
        "mises en relation": [
            {
                "fiche": each.entry,
                "état": each.state.label,
                "proposée le": each.proposed_at.isoformat(),
                "accord du": each.agreed_at.isoformat() if each.agreed_at else None,
                "pourquoi": each.because,
                "raisons d'un refus": [reason.label for reason in each.refusal],
            }
            for each in introductions
        ],
        "rendez-vous": [{"quand et où": each.said, "état": each.state.label} for each in meetings],
        "pré-diagnostics": [
            {"version": each.number, "le": each.at.isoformat(), **dict(zip(_PARTS, astuple(each.texts), strict=True))}
            for each in written
        ],
        "journal": [
            {"le": line.at.isoformat(), "qui": line.author.label, "quoi": line.kind.label, "texte": line.text}
            for line in lines
        ],
    }


def erase(session: Session, referral_id: UUID, *, at: datetime) -> None:
    """Erase a person's data at once; who followed the request is told, without a name."""
    locked = referrals.lock_referral(session, referral_id)
    follower = locked.assigned_to
    if locked.is_open:
        locked.move(ReferralState.CLOSED, at=at, outcome=Outcome.WITHDRAWN)
    anonymise(session, locked, at=at)
    announce(session, MailTemplate.ERASED, at=at, referral_id=locked.id, account_id=follower)


def anonymise(session: Session, referral: Referral, *, at: datetime) -> None:
    """Forget a referral: free text, journal, links and codes go, days become months, figures stay."""
    imports.forget(session, referral.id, at=at)
    duplicates.forget_links(session, referral.id)
    for table in _GOES_WHOLE:
        session.exec(delete(table).where(col(table.referral_id) == referral.id))
    for name in Referral.model_fields:
        value = getattr(referral, name)
        if name in _BECOMES_A_MONTH and value is not None:
            setattr(referral, name, _month(value))
        elif name not in KEPT:
            setattr(referral, name, _BLANK.get(name))
    referral.anonymised_at = at
    for introduction in referrals.list_introductions(session, referral.id):
        if introduction.state is IntroductionState.PROPOSED:
            introduction.move(IntroductionState.WITHDRAWN, at=at)
        for name in ("proposed_at", "agreed_at", "state_since"):
            setattr(introduction, name, _month(moment) if (moment := getattr(introduction, name)) else None)
        introduction.because = introduction.next_on = None


def _month(moment: datetime) -> datetime:
    """Midnight in Paris on the first day of the month of a moment."""
    return moment.astimezone(PARIS).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _months_ago(now: datetime, count: int) -> datetime:
    """Midnight in Paris, some months ago."""
    return datetime.combine(add_months(paris_day(now), -count), time(), PARIS)


def purge(session: Session, *, now: datetime, delays: Delays) -> int:
    """Forget what is due, however many days the job was not run; return how many referrals were anonymised."""
    old = referrals.list_forgettable(session, _months_ago(now, delays.anonymised_months))
    for referral_id in old:
        anonymise(session, referrals.lock_referral(session, referral_id), at=now)
    for account in accounts.list_idle(session, _months_ago(now, delays.account_idle_months)):
        account.disabled_at = now
    tallies.purge_before(session, now - timedelta(days=delays.log_days))
    accounts.purge_before(session, now - timedelta(days=delays.log_days))
    imports.purge(
        session,
        waiting_before=now - timedelta(days=1),
        forgotten_before=_months_ago(now, delays.anonymised_months),
    )
    unknown_words.purge_before(session, add_months(paris_day(now), -delays.unknown_words_months))
    access.purge(session, closed_before=now - timedelta(days=delays.tracking_days), ended_before=now)
    due.purge_before(session, _months_ago(now, _CLOCK_REMEMBERS))
    return len(old)
