"""What a database holds, beside what was sent: every request exactly once, and each one whole."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, select

from benchmarks.visitors import Submission
from guide.models import Introduction, JournalLine, OutgoingMail, Referral, TrackingToken
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.secrecy import digest
from guide.store.database import Database


@dataclass(slots=True)
class Findings:
    """What is wrong, one line for each case; nothing when every list is empty."""

    lost: list[str] = field(default_factory=list)  # acknowledged or sent again until it was, and absent
    doubled: list[str] = field(default_factory=list)  # twice there, or never sent by anybody
    halves: list[str] = field(default_factory=list)  # a referral without all that is written with it, or with more
    damage: list[str] = field(default_factory=list)  # what the engine says of its own file

    @property
    def lines(self) -> list[str]:
        named = {"PERDU": self.lost, "DOUBLÉ": self.doubled, "INCOMPLET": self.halves, "ABÎMÉ": self.damage}
        return [f"{name} : {each}" for name, cases in named.items() for each in cases]


def check(database: Database, sent: Sequence[Submission]) -> Findings:
    """Compare a database with what was acknowledged in the end; what nobody was told of must not be in ``sent``."""
    findings = Findings(damage=_ask_the_file(database))
    with database.reading() as session:
        stored: dict[str, list[Referral]] = defaultdict(list)
        for referral in session.exec(select(Referral)):
            stored[referral.words or ""].append(referral)
        written = _gather(session)
    for submission in sent:
        found = stored.pop(submission.words, [])
        if not found:
            findings.lost.append(submission.words)
        elif len(found) > 1:
            findings.doubled.append(f"{submission.words} ({len(found)} fois)")
        findings.halves += [
            f"{submission.words} : {said}" for referral in found for said in _compare(referral, submission, written)
        ]
    findings.doubled += [f"{words} : jamais envoyé" for words in stored]
    return findings


Written = dict[str, dict[UUID, Counter[str]]]
_PARTS: dict[str, tuple[type[SQLModel], Any, Any]] = {  # what is written with a referral: what tells it apart
    "journal": (JournalLine, col(JournalLine.referral_id), col(JournalLine.kind)),
    "lien": (TrackingToken, col(TrackingToken.referral_id), col(TrackingToken.token_hash)),
    "courriels": (OutgoingMail, col(OutgoingMail.referral_id), col(OutgoingMail.template)),
    "accords": (Introduction, col(Introduction.referral_id), col(Introduction.entry)),
}


def _gather(session: Session) -> Written:
    written: Written = {}
    for part, (_, owner, said) in _PARTS.items():
        written[part] = defaultdict(Counter)
        for referral_id, value in session.exec(select(owner, said)):
            written[part][referral_id][str(value)] += 1
    return written


def _compare(referral: Referral, submission: Submission, written: Written) -> list[str]:
    mails = [MailTemplate.NEW_REQUEST] + [MailTemplate.REQUEST_RECEIVED] * (submission.email is not None)
    expected: dict[str, list[str]] = {
        "journal": [LineKind.RECORDED.value],
        "lien": [digest(submission.link or "")],
        "courriels": [mail.value for mail in mails],
        "accords": list(submission.structures),
    }
    wrong = [part for part, values in expected.items() if written[part][referral.id] != Counter(values)]
    return wrong + ["formulaire"] * (referral.form_key_hash != digest(submission.form_key))


def _ask_the_file(database: Database) -> list[str]:
    """SQLite reads its whole file again; PostgreSQL has no such question, and its rows are compared all the same."""
    if not database.is_sqlite:
        return []
    with database.engine.connect() as connection:
        said = connection.execute(text("PRAGMA integrity_check")).scalars().all()
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    return [line for line in said if line != "ok"] + [str(orphan) for orphan in orphans]
