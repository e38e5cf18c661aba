"""Introducing: a person is introduced to structures, their answers are recorded, a refusal leads to another door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from guide.content.base import KnowledgeBase
from guide.errors import AlreadyIntroducedError, MissingAgreementError, NoNextStepError, NotFoundError
from guide.handling import expect, take_open_referral, tell_person, write_line
from guide.models import Introduction, Referral, StaffAccount
from guide.models.introduction import IntroductionChannel, IntroductionState, NextStep, RefusalReason
from guide.models.journal import Author, LineKind
from guide.store import journal, referrals
from guide.text import join_words, typeset

SPOKEN_AGREEMENT = (
    "oral-2026-11"  # said to the team, who recorded it; of the words beside its box: change both together
)


@dataclass(frozen=True, slots=True)
class Door:
    """A structure or dispositif to introduce somebody to, and why, as she reads it."""

    entry: str
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Doors:
    """Some doors, who makes the first step, and whether the person agreed that her request be passed on."""

    chosen: Sequence[Door] = ()
    channel: IntroductionChannel = IntroductionChannel.SELF
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an introduction, as somebody of the team records it."""

    to: IntroductionState
    message: str | None = None
    agreed: bool = False
    reasons: Sequence[RefusalReason] = ()
    right_entry: str | None = None
    next_step: NextStep | None = None
    next_on: date | None = None
    instead: Doors = Doors()


def introduce(
    session: Session,
    account: StaffAccount,
    reference: str,
    doors: Doors,
    *,
    version: int,
    message: str | None,
    knowledge: KnowledgeBase,
    at: datetime,
) -> None:
    """Introduce a person to some structures and tell her; ``version`` is the one that was on screen.

    Raises StaleError, ClosedError, AlreadyIntroducedError, MissingAgreementError when a request would be passed on
    without the person's agreement, and NotFoundError for a door that is nowhere.
    """
    referral = take_open_referral(session, account, reference, version)
    _open_doors(_Gesture(session, referral, account, knowledge, at), doors)
    tell_person(session, referral, account.id, message, at=at)


def record_answer(
    session: Session,
    account: StaffAccount,
    reference: str,
    introduction_id: UUID,
    answer: Answer,
    *,
    version: int,
    knowledge: KnowledgeBase,
    at: datetime,
) -> None:
    """Record what came of an introduction, on behalf of the structure; a refusal needs reasons, a word, a next step.

    Raises IllegalMoveError, which names both states, NoNextStepError, and what ``introduce`` raises.
    """
    referral = take_open_referral(session, account, reference, version)
    introduction = referrals.get_introduction(session, referral.id, introduction_id)
    before = introduction.state
    introduction.move(answer.to, at=at)
    if answer.to is IntroductionState.DECLINED and not (answer.reasons and answer.message and answer.next_step):
        raise NoNextStepError
    if answer.next_step is NextStep.REORIENT and not answer.instead.chosen:
        raise NoNextStepError
    if answer.to is IntroductionState.SENT:
        _pass_on(introduction, agreed=answer.agreed, at=at)
    introduction.channel = introduction.channel or IntroductionChannel.SELF
    introduction.reasons = [reason.value for reason in answer.reasons]
    introduction.right_entry = answer.right_entry
    introduction.next_step, introduction.next_on = answer.next_step, answer.next_on
    if answer.next_step is not None:
        expect(referral, answer.next_on, answer.next_step.label)
    write_line(
        session,
        referral,
        LineKind.INTRODUCTION,
        at=at,
        staff_id=account.id,
        moved=(before.value, answer.to.value),
        text=say_answer(_told(introduction.entry, knowledge), answer.to, answer.reasons),
        visible=True,
    )
    _open_doors(_Gesture(session, referral, account, knowledge, at), answer.instead, after=introduction)
    tell_person(session, referral, account.id, answer.message, at=at)


def expire(
    session: Session, referral: Referral, introduction: Introduction, *, knowledge: KnowledgeBase, at: datetime
) -> None:
    """Note that a structure has not answered in time: nobody of the team did it, and the person reads it."""
    before, answer = introduction.state, Answer(IntroductionState.EXPIRED)
    introduction.move(answer.to, at=at)
    journal.add_line(
        session,
        referral,
        LineKind.INTRODUCTION,
        at=at,
        author=Author.SYSTEM,
        moved=(before.value, answer.to.value),
        text=say_answer(_told(introduction.entry, knowledge), answer.to),
        visible=True,
    )


@dataclass(frozen=True, slots=True)
class _Gesture:
    """What somebody of the team is doing now, to whose referral."""

    session: Session
    referral: Referral
    account: StaffAccount
    knowledge: KnowledgeBase
    at: datetime


def _open_doors(this: _Gesture, doors: Doors, *, after: Introduction | None = None) -> None:
    this.session.flush()  # what was just closed leaves its place
    listed = referrals.list_introductions(this.session, this.referral.id)
    underway = {each.entry: each for each in listed if each.is_open}
    for door in doors.chosen:
        name, introduction = _name(door.entry, this.knowledge), underway.get(door.entry)
        if introduction is not None and introduction.channel is not None:
            raise AlreadyIntroducedError(name, introduction.state.label)
        if introduction is None:
            introduction = Introduction(
                referral_id=this.referral.id, entry=door.entry, proposed_at=this.at, state_since=this.at
            )
            this.session.add(introduction)
        introduction.channel, introduction.because = doors.channel, door.because
        introduction.after_id = after.id if after else None
        if doors.channel is IntroductionChannel.RELAYED:
            _pass_on(introduction, agreed=doors.agreed, at=this.at)
        write_line(
            this.session,
            this.referral,
            LineKind.INTRODUCED,
            at=this.at,
            staff_id=this.account.id,
            text=say_proposal(name, doors.channel),
            visible=True,
        )


def _pass_on(introduction: Introduction, *, agreed: bool, at: datetime) -> None:
    """Let a request be passed on to a structure; raise MissingAgreementError when the person never agreed to it."""
    if introduction.agreed_at is None:
        if not agreed:
            raise MissingAgreementError
        introduction.agreed_at, introduction.agreement_version = at, SPOKEN_AGREEMENT
    introduction.channel = IntroductionChannel.RELAYED


def _told(entry: str, knowledge: KnowledgeBase) -> str:
    """The name of an entry that was proposed, even when the base no longer holds it."""
    found = knowledge.entries.get(entry)
    return found.name if found else entry


def _name(entry: str, knowledge: KnowledgeBase) -> str:
    found = knowledge.entries.get(entry)
    if found is None:
        raise NotFoundError
    return found.name


_PROPOSED = {
    IntroductionChannel.SELF: "nous vous proposons d’appeler.",
    IntroductionChannel.RELAYED: "nous allons lui transmettre votre demande.",
}
_S = IntroductionState
_ANSWERED = {
    _S.SENT: "votre demande lui est transmise.",
    _S.ACCEPTED: "la réponse est oui.",
    _S.DECLINED: "la réponse est non",
    _S.WAITLISTED: "vous êtes sur liste d’attente.",
    _S.EXPIRED: "pas de réponse.",
    _S.MET: "vous vous êtes rencontrés.",
    _S.DONE: "la mise en relation a abouti.",
    _S.DROPPED: "il n’y a pas eu de suite.",
    _S.WITHDRAWN: "cette piste est retirée.",
}


def say_proposal(name: str, channel: IntroductionChannel) -> str:
    """Say to the person that a door is proposed."""
    return typeset(f"{name} : {_PROPOSED[channel]}")


def say_answer(name: str, state: IntroductionState, reasons: Sequence[RefusalReason] = ()) -> str:
    """Say to the person what came of an introduction."""
    why = join_words([reason.label[:1].lower() + reason.label[1:] for reason in reasons])
    return typeset(f"{name} : {_ANSWERED[state]}{f' ({why}).' if why else ''}")
