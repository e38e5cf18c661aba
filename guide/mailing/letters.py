"""Letters: for each mail, who receives it and the facts that its template tells, with a fresh link or code.

What the team receives holds no personal data: a reference, a place, needs, and a link behind its sign-in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Any

from sqlmodel import Session

from guide.content.base import KnowledgeBase
from guide.days import day_and_hour, month_and_year, paris_day, weekday_date
from guide.delays import add_working_days
from guide.errors import GuideError
from guide.mailing.digest import gather_week
from guide.mailing.words import harmless, paragraphs
from guide.models import JournalLine, OutgoingMail, Referral, StaffAccount
from guide.models.feedback import FeedbackKind
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Body, ReferralState
from guide.models.staff import LinkPurpose
from guide.secrecy import sign
from guide.settings import Settings
from guide.store import appointments, mails, minting
from guide.text import code_said, join_words, typeset


class PointlessError(GuideError):
    """The mail makes no sense any more: its request was erased, its account disabled, its address taken back."""


class NobodyError(GuideError):
    """Nobody at the Mission ESS can receive it yet: it waits for the first officer."""


class Audience(Enum):
    """Who a mail is for."""

    PERSON = auto()  # who asked
    MISSION = auto()  # its own box, else each officer
    FOLLOWER = auto()  # who has the request, else the Mission
    ACCOUNT = auto()  # the account that the mail names


AUDIENCES = {
    MailTemplate.REQUEST_RECEIVED: Audience.PERSON,
    MailTemplate.NEW_REQUEST: Audience.MISSION,
    MailTemplate.PERSON_WROTE: Audience.FOLLOWER,
    MailTemplate.STAFF_WROTE: Audience.PERSON,
    MailTemplate.STATE_CHANGED: Audience.PERSON,
    MailTemplate.CLOSED: Audience.PERSON,
    MailTemplate.APPOINTMENT_TOMORROW: Audience.PERSON,
    MailTemplate.APPOINTMENT_OF_TEAM: Audience.ACCOUNT,
    MailTemplate.WITHDRAWN: Audience.MISSION,
    MailTemplate.NEW_LINK: Audience.PERSON,
    MailTemplate.CODE: Audience.PERSON,
    MailTemplate.ERASED: Audience.FOLLOWER,
    MailTemplate.REVIEW_LATE: Audience.MISSION,
    MailTemplate.CONTACT_LATE: Audience.FOLLOWER,
    MailTemplate.COLLEAGUES_NEEDED: Audience.FOLLOWER,
    MailTemplate.NO_ANSWER: Audience.FOLLOWER,
    MailTemplate.NO_NEWS: Audience.PERSON,
    MailTemplate.SATISFACTION: Audience.PERSON,
    MailTemplate.WHERE_NOW: Audience.PERSON,
    MailTemplate.DIGEST: Audience.ACCOUNT,
    MailTemplate.STAFF_INVITATION: Audience.ACCOUNT,
    MailTemplate.PASSWORD_RESET: Audience.ACCOUNT,
}
_ASKED_BY_THE_PERSON = (MailTemplate.NEW_LINK, MailTemplate.CODE)
_BODIES = {Body.MISSION: "la Mission ESS", Body.APES: "l’APES (Acteurs pour une économie solidaire)"}
_STATES = {state.value: state for state in ReferralState}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to be rendered; ``token`` is the secret link made for it, to be taken back if it never leaves."""

    template: MailTemplate
    recipient: str
    facts: dict[str, Any]
    token: str | None = None


@dataclass
class _Case:
    """What a mail is about, and what it needs to be told."""

    session: Session
    mail: OutgoingMail
    referral: Referral | None
    account: StaffAccount | None
    knowledge: KnowledgeBase
    settings: Settings
    now: datetime
    token: str | None = field(default=None, init=False)

    def the_referral(self) -> Referral:
        if self.referral is None:
            raise PointlessError
        return self.referral

    def the_account(self) -> StaffAccount:
        if self.account is None or self.account.disabled_at is not None:
            raise PointlessError
        return self.account

    def the_line(self) -> JournalLine | None:
        """The line that the mail announces: only what its person may read, and only of her request."""
        line = self.session.get(JournalLine, self.mail.line_id) if self.mail.line_id else None
        return line if line and line.visible and line.referral_id == self.the_referral().id else None

    def the_message(self) -> list[list[str]]:
        """What the team wrote to the person: a line of its own, or the one that goes with a change of state."""
        line = self.the_line()
        if line is not None and line.kind is LineKind.MOVED:  # its own text is a label for the team
            line = mails.find_message_of_move(self.session, line)
        elif line is not None and line.kind is LineKind.HANDED:  # the reason is for the team
            line = None
        return paragraphs(line.text if line else None)

    def tracking_link(self) -> str:
        self.token = minting.mint_tracking_token(self.session, self.the_referral(), now=self.now)
        return self.address(f"/suivi/{self.token}")

    def address(self, path: str) -> str:
        return self.settings.public_url.rstrip("/") + path


def prepare(
    session: Session, mail: OutgoingMail, *, knowledge: KnowledgeBase, settings: Settings, now: datetime
) -> Letter:
    """Gather what a mail says and make its link or code; raise PointlessError or NobodyError.

    A mail for several officers becomes one for the first, and a copy in the outbox for each of the others.
    """
    referral = mails.find_steady_referral(session, mail.referral_id) if mail.referral_id else None
    account = session.get(StaffAccount, mail.account_id) if mail.account_id else None
    case = _Case(session, mail, referral, account, knowledge, settings, now)
    audience = AUDIENCES[mail.template]
    recipient = _recipient(case, audience)
    facts = _FACTS[mail.template](case)
    everywhere = {
        "site": case.address("/"),
        "human": knowledge.contact,
        "for_person": audience is Audience.PERSON,
        "name": _greeted(case, audience),
    }
    return Letter(mail.template, recipient, everywhere | facts, case.token)


def _recipient(case: _Case, audience: Audience) -> str:
    if audience is Audience.ACCOUNT:
        return case.the_account().email
    referral = case.the_referral()
    if referral.anonymised_at is not None and case.mail.template is not MailTemplate.ERASED:
        raise PointlessError
    if audience is Audience.PERSON:
        if not referral.email or not (referral.may_be_written_to or case.mail.template in _ASKED_BY_THE_PERSON):
            raise PointlessError
        return referral.email
    if case.mail.account_id:
        return case.the_account().email
    if audience is Audience.FOLLOWER and referral.assigned_to:
        follower = case.session.get(StaffAccount, referral.assigned_to)
        if follower and follower.disabled_at is None:
            return follower.email
    return case.settings.mission_email or _first_officer(case)


def _first_officer(case: _Case) -> str:
    officers = mails.list_alerted_officers(case.session)
    if not officers:
        raise NobodyError
    case.mail.account_id = officers[0].id
    for other in officers[1:]:
        mails.add_copy(case.session, case.mail, other.id)
    return officers[0].email


def _greeted(case: _Case, audience: Audience) -> str | None:
    if audience is Audience.PERSON:
        return harmless(case.the_referral().name or "") or None
    return harmless(case.account.first_name) if audience is Audience.ACCOUNT and case.account else None


def _to_person(case: _Case) -> dict[str, Any]:
    delays = case.settings.delays
    return {
        "reference": case.the_referral().reference,
        "link": case.tracking_link(),
        "tracking_days": delays.tracking_days,
    }


def _request_received(case: _Case) -> dict[str, Any]:
    by = add_working_days(paris_day(case.the_referral().received_at), case.settings.delays.review_working_days)
    late = by < paris_day(case.now)  # the mail waited: a day that is over promises nothing
    return _to_person(case) | {"by": None if late else weekday_date(by)}


def _staff_wrote(case: _Case) -> dict[str, Any]:
    line, message = case.the_line(), case.the_message()
    if line is None or not message:
        raise PointlessError
    writer = case.session.get(StaffAccount, line.staff_id) if line.staff_id else None
    return _to_person(case) | {
        "writer": harmless(writer.first_name) if writer else None,
        "message": message,
    }


def _state_changed(case: _Case) -> dict[str, Any]:
    line, referral = case.the_line(), case.the_referral()
    handed = line is not None and line.kind is LineKind.HANDED
    state = ReferralState.ASSIGNED if handed else _STATES.get((line and line.to_state) or "", referral.state)
    return _to_person(case) | {"news": _news(case, state), "message": case.the_message()}


def _news(case: _Case, state: ReferralState) -> str:
    """Say in plain words what a new state means."""
    referral = case.the_referral()
    account = case.session.get(StaffAccount, referral.assigned_to) if referral.assigned_to else None
    body = _BODIES[referral.assigned_body] if referral.assigned_body else None
    who = ", de ".join(filter(None, [harmless(account.first_name) if account else None, body]))
    return typeset(
        {
            ReferralState.RECEIVED: "Votre demande nous est bien parvenue.",
            ReferralState.REVIEWED: "La Mission ESS (économie sociale et solidaire) a lu votre demande. "
            "Elle cherche maintenant la bonne personne pour vous répondre.",
            ReferralState.ASSIGNED: f"Votre demande est confiée à {who or 'une personne qui va prendre contact'}.",
            ReferralState.CONTACTED: "Nous avons pris contact avec vous : la suite se prépare.",
            ReferralState.MET: "Nous nous sommes rencontrés pour parler de votre projet.",
            ReferralState.CLOSED: "Votre demande est close.",
        }[state]
    )


def _closed(case: _Case) -> dict[str, Any]:
    return _to_person(case) | {"message": case.the_message()}


def _appointment(case: _Case) -> dict[str, Any]:
    _check_tomorrow(case)
    message = case.the_message()
    if not message:
        raise PointlessError
    return _to_person(case) | {"message": message}


def _appointment_of_team(case: _Case) -> dict[str, Any]:
    _check_tomorrow(case)
    return _to_team(case)


def _check_tomorrow(case: _Case) -> None:
    """Remind of nothing that was moved or called off, nor too late."""
    appointment = appointments.find_by_line(case.session, case.mail.line_id)
    if appointment is not None:
        tomorrow = paris_day(case.now) + timedelta(days=1)
        if not appointment.is_planned or paris_day(appointment.starts_at) != tomorrow:
            raise PointlessError


def _code(case: _Case) -> dict[str, Any]:
    settings, referral = case.settings, case.the_referral()
    code = minting.mint_code(case.session, referral, secret=settings.secret_key, now=case.now, delays=settings.delays)
    return {"reference": referral.reference, "code": code_said(code), "minutes": settings.delays.code_minutes}


def _to_team(case: _Case) -> dict[str, Any]:
    referral, knowledge = case.the_referral(), case.knowledge
    epci = knowledge.structures.get(referral.epci or "")
    return {
        "reference": referral.reference,
        "link": case.address(f"/equipe/dossiers/{referral.reference}"),
        "place": epci.name if epci else None,
        "needs": join_words([knowledge.needs[need].name for need in referral.needs if need in knowledge.needs]),
        "received": day_and_hour(referral.received_at),
        "month": month_and_year(paris_day(referral.received_at)),
        "to_watch": referral.to_watch,
        "since": weekday_date(paris_day(referral.state_since)),
    }


def _question(kind: FeedbackKind, case: _Case) -> dict[str, Any]:
    referral = case.the_referral()
    token = sign(case.settings.secret_key, "question", str(referral.id), kind.value)
    days = case.settings.delays.question_days
    return {"reference": referral.reference, "link": case.address(f"/suivi/avis/{token}"), "days": days}


def _digest(case: _Case) -> dict[str, Any]:
    week = gather_week(case.session, case.the_account(), now=case.now, delays=case.settings.delays)
    if week.is_empty:
        raise PointlessError
    return {"week": week, "link": case.address("/equipe")}


def _invitation(case: _Case) -> dict[str, Any]:
    return {
        "link": _staff_link(case, LinkPurpose.INVITATION, "invitation"),
        "role": case.the_account().role.label,
        "days": case.settings.delays.invitation_days,
    }


def _password_reset(case: _Case) -> dict[str, Any]:
    return {
        "link": _staff_link(case, LinkPurpose.PASSWORD_RESET, "mot-de-passe"),
        "minutes": case.settings.delays.password_reset_minutes,
    }


def _staff_link(case: _Case, purpose: LinkPurpose, page: str) -> str:
    token = minting.mint_link(case.session, case.the_account(), purpose, now=case.now, delays=case.settings.delays)
    return case.address(f"/equipe/{page}/{token}")


_FACTS: dict[MailTemplate, Callable[[_Case], dict[str, Any]]] = {
    MailTemplate.REQUEST_RECEIVED: _request_received,
    MailTemplate.NEW_REQUEST: _to_team,
    MailTemplate.PERSON_WROTE: _to_team,
    MailTemplate.STAFF_WROTE: _staff_wrote,
    MailTemplate.STATE_CHANGED: _state_changed,
    MailTemplate.CLOSED: _closed,
    MailTemplate.APPOINTMENT_TOMORROW: _appointment,
    MailTemplate.APPOINTMENT_OF_TEAM: _appointment_of_team,
    MailTemplate.WITHDRAWN: _to_team,
    MailTemplate.NEW_LINK: _to_person,
    MailTemplate.CODE: _code,
    MailTemplate.ERASED: _to_team,
    MailTemplate.REVIEW_LATE: _to_team,
    MailTemplate.CONTACT_LATE: _to_team,
    MailTemplate.COLLEAGUES_NEEDED: _to_team,
    MailTemplate.NO_ANSWER: _to_team,
    MailTemplate.NO_NEWS: _staff_wrote,
    MailTemplate.SATISFACTION: partial(_question, FeedbackKind.SATISFACTION),
    MailTemplate.WHERE_NOW: partial(_question, FeedbackKind.NEWS),
    MailTemplate.DIGEST: _digest,
    MailTemplate.STAFF_INVITATION: _invitation,
    MailTemplate.PASSWORD_RESET: _password_reset,
}
