"""The clock: what is due now is done, each thing in a transaction of its own and once.

Run it as often as one likes, late, twice, or from two machines: what was done is written with what it did. A thing that
fails is reported and stops no other. Days are those of Paris; what is mailed leaves between eight in the morning and
eight in the evening.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from guide import introducing, meeting, privacy
from guide.content.base import KnowledgeBase
from guide.days import PARIS, paris_day
from guide.deadlines import Limits, draw_limits, midnight
from guide.delays import Delays, add_months, is_working_day
from guide.errors import NotFoundError
from guide.models import Referral, StaffAccount
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Body
from guide.models.staff import Role
from guide.outbox import announce
from guide.store import absences, due, journal, referrals
from guide.store.database import Database

_MORNING, _EVENING = time(8), time(20)
log = logging.getLogger("guide.clock")


@dataclass
class Report:
    """What one turn of the clock did, by kind of thing, and what failed, by key."""

    done: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)


class Thing(NamedTuple):
    """One thing to do: its kind, the key under which it is done once; ``act`` does it, and says whether it was due."""

    kind: str
    key: str
    referral_id: UUID | None
    act: Callable[[Session], bool]


@dataclass(frozen=True)
class Clock:
    """One turn: the moment, the table, and what is late at that moment."""

    knowledge: KnowledgeBase
    delays: Delays
    now: datetime

    def limits(self, session: Session) -> Limits:
        """Those of the reminders: on the day that was promised, not the day after, so that it may still be kept."""
        leaves = absences.find_leaves(session, paris_day(self.now))
        return draw_limits(self.now + timedelta(days=1), self.delays, leaves)

    def away(self, session: Session) -> frozenset[UUID]:
        """Who is away today: nothing reminds them of anything."""
        return frozenset(absences.find_away(session, paris_day(self.now)))

    @property
    def mailed_at(self) -> datetime:
        """When what is announced now leaves: nobody is written to at night."""
        local = self.now.astimezone(PARIS)
        if local.time() < _MORNING:
            return datetime.combine(local.date(), _MORNING, PARIS)
        return (
            self.now if local.time() < _EVENING else datetime.combine(local.date() + timedelta(days=1), _MORNING, PARIS)
        )

    def find_things(self, session: Session) -> Iterator[Thing]:
        """Find everything that is due and not done."""
        for thing in self._all_things(session):
            if not due.is_done(session, thing.key):
                yield thing

    def _all_things(self, session: Session) -> Iterator[Thing]:
        limits, calm = self.limits(session), draw_limits(self.now, self.delays)
        for referral in due.list_unread(session, limits):
            yield _of("review", referral, referral.state_since, self._remind_mission)
        for referral in due.list_uncalled(session, limits):
            yield _of("contact", referral, referral.state_since, self._remind_follower)
        for referral in due.list_abandoned(session, limits):
            yield _of("colleagues", referral, referral.state_since, self._remind_colleagues)
        for referral in due.list_silent(session, calm):
            if referral.may_be_written_to:
                yield _of("silence", referral, referral.news_at, self._break_silence)
        for introduction in due.list_unanswered(session, calm, self.delays):
            key = f"expiry:{introduction.id}:{_stamp(introduction.state_since)}"
            yield Thing("expiry", key, introduction.referral_id, _bound(self._expire, introduction.id))
        for appointment in meeting.list_due_tomorrow(session, now=self.now):
            key = f"appointment:{appointment.id}:{_stamp(appointment.starts_at)}"
            yield Thing("appointment", key, appointment.referral_id, _bound(self._remind_of, appointment.id))
        yield from self._questions(session)
        yield from self._weekly(session)
        yield Thing("purge", f"purge:{paris_day(self.now)}", None, self._purge)

    def _questions(self, session: Session) -> Iterator[Thing]:
        """What is asked after a closing; once a link would be over, it is too late to ask."""
        today, lives = paris_day(self.now), timedelta(days=self.delays.question_days)
        for kind, template, day in (
            ("satisfaction", MailTemplate.SATISFACTION, today - timedelta(days=self.delays.satisfaction_days)),
            ("news", MailTemplate.WHERE_NOW, add_months(today, -self.delays.news_months)),
        ):
            last = midnight(day + timedelta(days=1))
            for referral in due.list_closed(session, last - lives, last):
                closed = referral.closed_at or self.now
                yield _of(kind, referral, closed, partial(self._ask, template, closed))

    def _ask(self, template: MailTemplate, closed: datetime, session: Session, held: Referral) -> bool:
        if held.closed_at != closed or held.email is None:
            return False
        self._announce(session, template, held)
        return True

    def _weekly(self, session: Session) -> Iterator[Thing]:
        """The week of each member of the team, on its first working day at eight, or later when the clock was off."""
        today = paris_day(self.now)
        monday = today - timedelta(days=today.weekday())
        first = next((day for day in (monday + timedelta(days=n) for n in range(5)) if is_working_day(day)), monday)
        if self.now >= datetime.combine(first, _MORNING, PARIS):
            away = self.away(session)
            for account in (each for each in due.list_working(session) if each.id not in away):
                key = f"digest:{monday}:{account.id}"
                yield Thing("digest", key, None, _bound(self._send_week, account.id))

    # --- what is done

    def _remind_mission(self, session: Session, held: Referral) -> bool:
        if not due.list_unread(session, self.limits(session), held.id):
            return False
        return self._remind(session, held, MailTemplate.REVIEW_LATE, "La demande attend d’être lue.")

    def _remind_follower(self, session: Session, held: Referral) -> bool:
        if held.assigned_to in self.away(session) or not due.list_uncalled(session, self.limits(session), held.id):
            return False
        return self._remind(session, held, MailTemplate.CONTACT_LATE, "La personne attend un premier contact.")

    def _remind_colleagues(self, session: Session, held: Referral) -> bool:
        if not due.list_abandoned(session, self.limits(session), held.id):
            return False
        role = Role.ADVISER if held.assigned_body is Body.APES else Role.OFFICER
        spared = self.away(session) | {held.assigned_to}
        others = [each.id for each in due.list_working(session, role) if each.id not in spared]
        for account_id in others or [each.id for each in due.list_working(session, Role.OFFICER)]:
            self._announce(session, MailTemplate.COLLEAGUES_NEEDED, held, account_id=account_id)
        self._note(session, held, "La personne attend toujours un premier contact : les collègues sont prévenus.")
        return True

    def _remind(self, session: Session, held: Referral, template: MailTemplate, said: str) -> bool:
        self._announce(session, template, held)
        self._note(session, held, said)
        return True

    def _break_silence(self, session: Session, held: Referral) -> bool:
        if not due.list_silent(session, draw_limits(self.now, self.delays), held.id):
            return False
        follower = session.get(StaffAccount, held.assigned_to) if held.assigned_to else None
        who = follower.first_name if follower else "La Mission ESS"
        text = (
            f"Il n’y a rien de nouveau depuis {self.delays.silence_days} jours, et nous ne vous oublions pas. "
            f"{who} suit toujours votre demande. Vous pouvez nous écrire depuis votre page de suivi."
        )
        line = journal.add_line(
            session, held, LineKind.NO_NEWS, at=self.now, author=Author.SYSTEM, text=text, visible=True
        )
        if held.email:
            self._announce(session, MailTemplate.NO_NEWS, held, line_id=line.id)
        return True

    def _expire(self, session: Session, introduction_id: UUID) -> bool:
        found = due.list_unanswered(session, draw_limits(self.now, self.delays), self.delays, introduction_id)
        if not found:
            return False
        held = referrals.lock_referral(session, found[0].referral_id)
        introducing.expire(session, held, found[0], knowledge=self.knowledge, at=self.now)
        self._announce(session, MailTemplate.NO_ANSWER, held)
        return True

    def _remind_of(self, session: Session, appointment_id: UUID) -> bool:
        """Remind of an appointment of tomorrow: in the evening at once, for in the morning it would be today."""
        late = paris_day(self.mailed_at) != paris_day(self.now)
        return meeting.remind(session, appointment_id, at=self.now, due=self.now if late else self.mailed_at)

    def _send_week(self, session: Session, account_id: UUID) -> bool:
        announce(session, MailTemplate.DIGEST, at=self.now, due=self.mailed_at, account_id=account_id)
        return True

    def _purge(self, session: Session) -> bool:
        privacy.purge(session, now=self.now, delays=self.delays)
        return True

    def _announce(self, session: Session, template: MailTemplate, held: Referral, **more: UUID) -> None:
        announce(session, template, at=self.now, due=self.mailed_at, referral_id=held.id, **more)

    def _note(self, session: Session, held: Referral, text: str) -> None:
        journal.add_line(session, held, LineKind.REMINDED, at=self.now, author=Author.SYSTEM, text=text)


def _of(kind: str, referral: Referral, since: datetime, act: Callable[[Session, Referral], bool]) -> Thing:
    """A thing about a dossier, which is held, and looked at again, before anything is done."""

    def held(session: Session) -> bool:
        return act(session, referrals.hold_referral(session, referral.id))

    return Thing(kind, f"{kind}:{referral.id}:{_stamp(since)}", referral.id, held)


def _bound(act: Callable[[Session, UUID], bool], key: UUID) -> Callable[[Session], bool]:
    return lambda session: act(session, key)


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())


def tick(database: Database, *, knowledge: KnowledgeBase, delays: Delays, now: datetime) -> Report:
    """Do what is due now."""
    clock, report = Clock(knowledge, delays, now), Report()
    with database.reading() as session:
        things = list(clock.find_things(session))
    for thing in things:
        try:
            with database.writing() as session:
                _do(session, thing, now)
        except (_PassedError, NotFoundError):  # done elsewhere, no longer due, or erased since it was found
            continue
        except Exception as error:  # reported; the next turn tries again
            report.failed.append(thing.key)
            log.error("clock", extra={"thing": thing.key, "error": type(error).__name__})
        else:
            report.done[thing.kind] += 1
    if report.done["purge"]:
        database.forget(everything=True)
    return report


class _PassedError(Exception):
    """There is nothing to do any more: what was begun is undone."""


def _do(session: Session, thing: Thing, now: datetime) -> None:
    """Do one thing. Its key is written first, so that another machine waits here and then finds it done."""
    try:
        due.add_done(session, thing.key, thing.referral_id, now)
    except IntegrityError:
        raise _PassedError from None
    if not thing.act(session):
        raise _PassedError
