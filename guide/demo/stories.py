"""The story of one invented request: read, given to somebody, called, met, introduced, closed, or left waiting.

A story is told forwards, from the day of the request, and stops today wherever it stands: what is late is really late.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from guide.days import PARIS, paris_day
from guide.delays import is_working_day
from guide.introducing import say_answer, say_proposal
from guide.models import Appointment
from guide.models.appointment import AppointmentMode, AppointmentState
from guide.models.base import new_id
from guide.models.introduction import IntroductionChannel, IntroductionState, NextStep, RefusalReason
from guide.models.journal import Author, Channel, LineKind
from guide.models.referral import Body, Outcome, ReferralState
from guide.store.journal import STILL
from guide.text import typeset

Row = dict[str, Any]
_STALLED = 0.16  # of the recent requests, at each step: somebody forgot
_RECENT = timedelta(days=30)
_SITTING = timedelta(hours=1)  # longer than what is done at one time

_ATTEMPTS = {
    (Channel.PHONE, True): "Nous nous sommes parlé au téléphone.",
    (Channel.PHONE, False): "Nous vous avons appelé·e, sans réponse.",
    (Channel.MAIL, True): "Nous avons échangé par courriel.",
    (Channel.MAIL, False): "Nous vous avons écrit, sans réponse pour l’instant.",
}
_NOTES = (
    "Projet encore flou, mais une vraie équipe. À revoir avec la commune.",
    "A déjà rencontré la mairie. Cherche surtout à savoir par quoi commencer.",
    "Disponible le mardi. Préfère le téléphone aux courriels.",
    "Penser à proposer le prochain petit déjeuner.",
)
_MESSAGES = (
    "Merci pour cet échange. Comme convenu, je vous rappelle la semaine prochaine.",
    "J’ai transmis votre demande, je vous tiens au courant dès que j’ai une réponse.",
    "Voici ce que je vous propose pour la suite : commencer par préciser votre projet, puis rencontrer une structure.",
)
_REPLIES = ("Merci, à bientôt.", "C’est noté. Nous avons avancé sur le local.", "Toujours partants !")
_STILL_IN = "Nous n’arrivons pas à vous joindre. Êtes-vous toujours partant·e pour votre projet ?"
_PLACES = (
    (AppointmentMode.ON_SITE, "à la mairie"),
    (AppointmentMode.ON_SITE, "dans votre local"),
    (AppointmentMode.AT_STRUCTURE, "à la Maison de l’ESS"),
    (AppointmentMode.VIDEO, "https://visio.demo.example/salle"),
)
_UNTOUCHED: Row = {"channel": None, "because": None, "after_id": None, "reasons": [], "next_step": None}
_GOODBYE = "Nous fermons votre dossier. Vous pouvez nous réécrire quand vous voulez."
_OUTCOMES = (
    (Outcome.SUPPORTED, 34),
    (Outcome.AUTONOMOUS, 30),
    (Outcome.ENROLLED, 8),
    (Outcome.ABANDONED, 12),
    (Outcome.CHANGED, 9),
    (Outcome.OUT_OF_SCOPE, 7),
)
_ANSWERS = (
    (IntroductionState.ACCEPTED, 60),
    (IntroductionState.DECLINED, 14),
    (IntroductionState.WAITLISTED, 10),
    (IntroductionState.EXPIRED, 16),
)


class _TodayError(Exception):
    """The story has caught up with today."""


@dataclass
class Story:
    """One request as it unfolds; ``rows`` of each table come out of it."""

    random: Random
    now: datetime
    officers: list[UUID]
    advisers: list[UUID]
    referral: Row
    entries: list[str]  # to which the person agreed
    names: Mapping[str, str]  # of every entry
    at: datetime
    lines: list[Row] = field(default_factory=list)
    attempts: list[Row] = field(default_factory=list)
    introductions: list[Row] = field(default_factory=list)
    appointments: list[Row] = field(default_factory=list)

    def tell(self) -> None:
        """Tell it until it is closed, or until today."""
        self._line(LineKind.RECORDED, author=Author.PERSON, visible=True)
        self.introductions = [self._introduction(entry) for entry in self.entries]
        try:
            for chapter in (self._review, self._assign, self._reach, self._introduce, self._meet, self._close):
                chapter()
        except _TodayError:
            return

    # --- chapters

    def _review(self) -> None:
        self._wait(0, 2)
        self.who = self.random.choice(self.officers)
        self._line(LineKind.READ)
        self._move(ReferralState.REVIEWED)
        self._maybe(0.4, lambda: self._line(LineKind.NOTE, text=self.random.choice(_NOTES)))

    def _assign(self) -> None:
        if self.random.random() < 0.3:
            return
        self._wait(0, 3)
        officer, apes = self.who, self.random.random() < 0.45
        self.referral["assigned_to"] = self.random.choice(self.advisers if apes else self.officers)
        self.referral["assigned_body"] = Body.APES if apes else Body.MISSION
        self._move(ReferralState.ASSIGNED, by=officer)
        self.who = self.referral["assigned_to"]

    def _reach(self) -> None:
        for _ in range(3):
            self._wait(0, 4)
            reached = self.random.random() < 0.7
            self._attempt(Channel.PHONE if self.random.random() < 0.8 else Channel.MAIL, reached=reached)
            if reached:
                self._move(ReferralState.CONTACTED)
                self._message()
                return
        self._line(LineKind.STILL_ASKED, text=_STILL_IN, visible=True)
        self._wait(8, 15)
        self._finish(Outcome.UNREACHABLE)

    def _introduce(self) -> None:
        for introduction in self.introductions:
            self._wait(1, 6)
            introduction["channel"] = IntroductionChannel.RELAYED
            self._change(introduction, IntroductionState.SENT)
            self._line(LineKind.MESSAGE, text=_MESSAGES[1], visible=True)
        for introduction in list(self.introductions):
            self._wait(2, 20)
            answer = self._draw(_ANSWERS)
            if answer is IntroductionState.DECLINED:
                why = self.random.choice([each for each in RefusalReason if each is not RefusalReason.WRONG_DOOR])
                introduction |= {"reasons": [why.value], "next_step": NextStep.REORIENT}
            self._change(introduction, answer)
            if answer is IntroductionState.ACCEPTED:
                self._maybe(0.5, self._message)
            elif answer is IntroductionState.DECLINED:
                self._reorient(introduction)

    def _reorient(self, declined: Row) -> None:
        """Propose the next door of the path in the place of the one that said no."""
        taken = {each["entry"] for each in self.introductions}
        card = next((each for each in self.referral["shown"]["proposals"] if each["id"] not in taken), None)
        if card is None:
            declined["next_step"] = NextStep.CALL
            return
        new = self._introduction(card["id"])
        new |= {"channel": IntroductionChannel.SELF, "because": next(iter(card["reasons"]), None)}
        new |= {"after_id": declined["id"], "agreed_at": None, "agreement_version": None}
        self.introductions.append(new)
        said = say_proposal(card["name"], IntroductionChannel.SELF)
        self._line(LineKind.INTRODUCED, text=said, visible=True)
        self._line(LineKind.MESSAGE, text=_MESSAGES[2], visible=True)

    def _meet(self) -> None:
        if self.random.random() < 0.35:
            return
        appointment = self._plan()
        self._wait(0, 0)
        self.at = max(self.at, appointment["starts_at"] + _SITTING)
        if self.at + _SITTING > self.now:
            raise _TodayError
        appointment["state"] = AppointmentState.HELD
        self._attempt(Channel.MEETING, reached=True, text="Nous nous sommes rencontrés.")
        self._move(ReferralState.MET)
        self._line(LineKind.NOTE, text=self.random.choice(_NOTES))
        self._message()

    def _plan(self) -> Row:
        """Agree on a day, some days later, at work."""
        day = paris_day(self.at) + timedelta(days=self.random.randint(3, 12))
        while not is_working_day(day):
            day += timedelta(days=1)
        starts_at = datetime.combine(day, time(self.random.randrange(9, 17), self.random.choice((0, 30))), PARIS)
        mode, place = self.random.choice(_PLACES)
        about: Row = {"starts_at": starts_at, "minutes": 60, "mode": mode, "place": place}
        said = Appointment(**about).said
        self._line(LineKind.APPOINTMENT, text=typeset(f"Rendez-vous : {said}."), visible=True)
        row = self._row({**about, "staff_id": self.who, "line_id": self.lines[-1]["id"], "sequence": 0})
        row |= {"state": AppointmentState.PLANNED, "created_at": row.pop("at"), "reminded_at": None}
        self.appointments.append(row)
        return row

    def _close(self) -> None:
        for _ in range(self.random.randrange(2)):
            self._wait(6, 20)
            self._message()
        self._wait(5, 20)
        self._finish(self._draw(_OUTCOMES))

    # --- gestures

    def _wait(self, least: int, most: int) -> None:
        """Let days pass, then come back at work; a recent request may be forgotten here."""
        if self.now - self.referral["received_at"] < _RECENT and self.random.random() < _STALLED:
            raise _TodayError
        day = paris_day(self.at) + timedelta(days=self.random.randint(least, most))
        while not is_working_day(day):
            day += timedelta(days=1)
        hour = time(self.random.randrange(9, 18), self.random.randrange(60))
        self.at = max(self.at + timedelta(minutes=5), datetime.combine(day, hour, PARIS))
        if self.at + _SITTING > self.now:
            raise _TodayError

    def _maybe(self, chance: float, gesture: Callable[[], None]) -> None:
        if self.random.random() < chance:
            gesture()

    def _draw(self, weighted: tuple[tuple[Any, int], ...]) -> Any:
        members, weights = zip(*weighted, strict=True)
        return self.random.choices(members, weights)[0]

    def _message(self) -> None:
        self._line(LineKind.MESSAGE, text=self.random.choice(_MESSAGES), visible=True)
        self.referral["last_contact_at"] = self.at
        if self.random.random() < 0.4:
            self._line(LineKind.MESSAGE, author=Author.PERSON, text=self.random.choice(_REPLIES), visible=True)

    def _attempt(self, channel: Channel, *, reached: bool, text: str | None = None) -> None:
        row = {"channel": channel, "reached": reached, "staff_id": self.who}
        self.attempts.append(self._row(row))
        self._line(LineKind.ATTEMPT, text=text or _ATTEMPTS[channel, reached], visible=True)
        if reached:
            self.referral["last_contact_at"] = self.at

    def _move(self, to: ReferralState, *, by: UUID | None = None, outcome: Outcome | None = None) -> None:
        moved, since = (self.referral["state"].value, to.value), self.at
        text = outcome.label if outcome else None
        self._line(LineKind.MOVED, moved=moved, visible=True, text=text, by=by)
        self.referral |= {"state": to, "state_since": since, "version": self.referral["version"] + 1}

    def _finish(self, outcome: Outcome) -> None:
        self._line(LineKind.MESSAGE, text=_GOODBYE, visible=True)
        self._move(ReferralState.CLOSED, outcome=outcome)
        self.referral |= {"outcome": outcome, "closed_at": self.referral["state_since"]}
        raise _TodayError

    def _introduction(self, entry: str) -> Row:
        agreed = {"agreed_at": self.at, "agreement_version": self.referral["agreement_version"]}
        since = {"proposed_at": self.at, "state": IntroductionState.PROPOSED, "state_since": self.at}
        row = self._row({"entry": entry, **_UNTOUCHED, **agreed, **since})
        del row["at"]
        return row

    def _change(self, introduction: Row, state: IntroductionState) -> None:
        moved, reasons = (introduction["state"].value, state.value), introduction["reasons"]
        introduction |= {"state": state, "state_since": self.at}
        said = say_answer(self.names[introduction["entry"]], state, [RefusalReason.of(each) for each in reasons])
        self._line(LineKind.INTRODUCTION, moved=moved, text=said, visible=True)

    def _line(
        self,
        kind: LineKind,
        *,
        author: Author = Author.STAFF,
        text: str | None = None,
        visible: bool = False,
        moved: tuple[str | None, str | None] = (None, None),
        by: UUID | None = None,
    ) -> None:
        staff = (by or self.who) if author is Author.STAFF else None
        told = {"author": author, "kind": kind, "staff_id": staff, "text": text, "visible": visible}
        self.lines.append(self._row({**told, "from_state": moved[0], "to_state": moved[1]}))
        if kind not in STILL:
            self.referral["moved_at"] = self.at
        if visible:
            self.referral["news_at"] = self.at
        self.at += timedelta(seconds=self.random.randrange(20, 200))

    def _row(self, row: Row) -> Row:
        return {"id": new_id(), "referral_id": self.referral["id"], "at": self.at, **row}

    who: UUID | None = None
