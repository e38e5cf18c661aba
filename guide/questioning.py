"""Questioning: what is asked by a signed link once a request is closed, and what the person answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from guide.delays import Delays
from guide.errors import ExpiredLinkError, UnknownLinkError
from guide.models import Feedback, Referral
from guide.models.feedback import FeedbackAnswer, FeedbackKind
from guide.models.journal import Author, LineKind
from guide.secrecy import read_signed
from guide.store import feedback, journal, referrals
from guide.text import typeset


@dataclass(frozen=True, slots=True)
class Question:
    """What a link asks, of which request, and what was answered already."""

    referral: Referral
    kind: FeedbackKind
    given: Feedback | None


def find_question(session: Session, token: str, *, secret: str, now: datetime, delays: Delays) -> Question:
    """Find what a signed link asks; raise UnknownLinkError, or ExpiredLinkError once its days are over."""
    read = read_signed(secret, "question", token)
    if read is None:
        raise UnknownLinkError
    (key, kind), made = read
    referral = session.get(Referral, UUID(key))
    if referral is None or referral.anonymised_at is not None:
        raise UnknownLinkError
    if now - made >= timedelta(days=delays.question_days):
        raise ExpiredLinkError
    asked = FeedbackKind.of(kind)
    return Question(referral, asked, feedback.find_feedback(session, referral.id, asked))


def answer(session: Session, question: Question, given: FeedbackAnswer, text: str | None, *, at: datetime) -> None:
    """Keep an answer in the place of the one before, and write it in the journal; a second click writes nothing."""
    referral = referrals.hold_referral(session, question.referral.id)
    kept = feedback.find_feedback(session, referral.id, question.kind)
    if kept is not None and (kept.answer, kept.text) == (given, text):
        return
    if kept is None:
        kept = Feedback(referral_id=referral.id, kind=question.kind, answer=given, at=at)
    kept.answer, kept.text, kept.at = given, text, at
    session.add(kept)
    said = typeset(f"{question.kind.label} {given.label}.") + (f"\n{text}" if text else "")
    journal.add_line(session, referral, LineKind.ANSWERED, at=at, author=Author.PERSON, text=said, visible=True)
