"""Who receives each mail: one person a message, and the right one."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from guide.mailing.posting import UnsafeHeaderError, compose
from guide.models import OneTimeLink, RightsCode
from guide.models.outgoing import MailTemplate
from guide.models.referral import Body, Origin
from guide.models.staff import LinkPurpose, Role
from guide.secrecy import digest, keyed_hash
from tests.mail.conftest import MISSION, NOON, PUBLIC, SECRET, Office, a_line, a_referral, an_account
from tests.smtp import MailServer

MINUTE = timedelta(minutes=1)
CAMILLE = "camille@personne.example"


def recipients(server: MailServer) -> list[str]:
    assert all(len(each.recipients) == 1 for each in server.received)
    assert all(each.message["To"] == each.recipients[0] for each in server.received)
    return [each.recipients[0] for each in server.received]


@pytest.mark.parametrize("mission", [MISSION, ""])
def test_each_mail_reaches_the_one_it_is_for(office: Office, server: MailServer, mission: str) -> None:
    office.settings = office.settings.model_copy(update={"mission_email": mission})
    officer, adviser = an_account("agente@equipe.example"), an_account("conseil@equipe.example", role=Role.ADVISER)
    office.keep(officer, adviser, an_account("lecture@equipe.example", role=Role.READER))
    followed = a_referral(assigned_to=adviser.id, assigned_body=Body.APES)
    office.keep(followed)
    line = a_line(followed, "Bonjour")
    office.keep(line)
    box = mission or officer.email
    expected = {
        MailTemplate.REQUEST_RECEIVED: CAMILLE,
        MailTemplate.NEW_REQUEST: box,
        MailTemplate.PERSON_WROTE: adviser.email,
        MailTemplate.STAFF_WROTE: CAMILLE,
        MailTemplate.STATE_CHANGED: CAMILLE,
        MailTemplate.CLOSED: CAMILLE,
        MailTemplate.WITHDRAWN: box,
        MailTemplate.NEW_LINK: CAMILLE,
        MailTemplate.CODE: CAMILLE,
        MailTemplate.ERASED: adviser.email,
    }
    for template in expected:
        office.announce(template, followed, line_id=line.id)
    office.announce(MailTemplate.STAFF_INVITATION, account_id=adviser.id)
    office.announce(MailTemplate.PASSWORD_RESET, account_id=officer.id)
    assert office.deliver().sent == 12
    assert recipients(server) == [*expected.values(), adviser.email, officer.email]


def test_who_wrote_never_receives_what_is_for_the_person(office: Office, server: MailServer) -> None:
    officer, referral = an_account(), a_referral()
    office.keep(officer, referral)
    line = a_line(referral, "Bonjour")
    office.keep(line)
    office.announce(MailTemplate.STAFF_WROTE, referral, line_id=line.id, account_id=officer.id)
    office.deliver()
    assert recipients(server) == [CAMILLE]


def test_without_a_box_each_officer_is_told_alone_and_retried_alone(office: Office, server: MailServer) -> None:
    office.settings = office.settings.model_copy(update={"mission_email": ""})
    office.keep(a_referral(), an_account("a@equipe.example"), an_account("b@equipe.example"))
    office.keep(an_account("c@equipe.example"), an_account("partie@equipe.example", disabled_at=NOON))
    office.keep(an_account("pas-encore@equipe.example", password_hash=None))
    [referral] = office.all(type(a_referral()))
    office.announce(MailTemplate.NEW_REQUEST, referral)
    server.refused = {"b@equipe.example"}
    report = office.deliver()
    assert (report.sent, report.postponed) == (2, 1)
    assert recipients(server) == ["a@equipe.example", "c@equipe.example"]
    server.refused = set()
    assert office.deliver(NOON + MINUTE).sent == 1
    assert recipients(server) == ["a@equipe.example", "c@equipe.example", "b@equipe.example"]


def test_what_was_followed_by_somebody_who_left_goes_to_the_mission(office: Office, server: MailServer) -> None:
    gone = an_account(disabled_at=NOON)
    office.keep(gone)
    left = a_referral(assigned_to=gone.id)
    office.keep(left, a_referral(reference="ESS-SEULE1"))
    for referral in office.all(type(left)):
        office.announce(MailTemplate.PERSON_WROTE, referral)
    office.deliver()
    assert recipients(server) == [MISSION, MISSION]


def test_who_followed_an_erased_request_is_told_even_once_it_is_anonymous(office: Office, server: MailServer) -> None:
    follower = an_account()
    office.keep(follower)
    erased = a_referral(reference=None, name=None, email=None, phone=None, anonymised_at=NOON)
    office.keep(erased)
    office.announce(MailTemplate.ERASED, erased)
    office.announce(MailTemplate.ERASED, erased, account_id=follower.id)
    office.deliver()
    assert recipients(server) == [MISSION, follower.email]
    assert all("novembre 2026" in each.text for each in server.received)


def test_a_code_opens_fifteen_minutes_from_its_delivery_and_ends_the_ones_before(
    office: Office, server: MailServer
) -> None:
    referral = a_referral()
    office.keep(referral)
    office.announce(MailTemplate.CODE, referral)
    office.announce(MailTemplate.CODE, referral, due=NOON + 10 * MINUTE)
    office.deliver(NOON + 2 * MINUTE)
    office.deliver(NOON + 10 * MINUTE)
    said = [each.text.partition("Votre code\u00a0: ")[2].splitlines()[0] for each in server.received]
    assert all(re.fullmatch("[0-9]{3}\u00a0[0-9]{3}", code) for code in said)
    codes = [code.replace("\u00a0", "") for code in said]
    first, second = sorted(office.all(RightsCode), key=lambda code: code.created_at)
    assert [first.code_hash, second.code_hash] == [
        keyed_hash(SECRET, "code", f"{referral.id}:{code}") for code in codes
    ]
    assert (first.created_at, first.expires_at) == (NOON + 2 * MINUTE, NOON + 10 * MINUTE)
    assert (second.created_at, second.expires_at) == (NOON + 10 * MINUTE, NOON + 25 * MINUTE)


def test_what_a_code_already_opened_stays_open(office: Office) -> None:
    referral = a_referral()
    office.keep(referral)
    entered = RightsCode(
        referral_id=referral.id,
        code_hash="0" * 64,
        created_at=NOON,
        expires_at=NOON + 15 * MINUTE,
        used_at=NOON,
        open_until=NOON + 15 * MINUTE,
    )
    office.keep(entered)
    office.announce(MailTemplate.CODE, referral)
    office.deliver(NOON + MINUTE)
    with office.database.reading() as session:
        kept = session.get(RightsCode, entered.id)
        assert kept is not None
        assert (kept.expires_at, kept.open_until) == (NOON + 15 * MINUTE, NOON + 15 * MINUTE)


@pytest.mark.parametrize(
    ("template", "page", "life"),
    [
        (MailTemplate.STAFF_INVITATION, "invitation", timedelta(days=7)),
        (MailTemplate.PASSWORD_RESET, "mot-de-passe", 15 * MINUTE),
    ],
)
def test_a_link_for_the_team_lives_from_its_delivery_and_ends_the_ones_before(
    office: Office, server: MailServer, template: MailTemplate, page: str, life: timedelta
) -> None:
    account = an_account()
    office.keep(account)
    office.announce(template, account_id=account.id)
    office.announce(template, account_id=account.id, due=NOON + MINUTE)
    office.deliver()
    office.deliver(NOON + MINUTE)
    purpose = LinkPurpose.INVITATION if page == "invitation" else LinkPurpose.PASSWORD_RESET
    tokens = [
        line.removeprefix(f"{PUBLIC}/equipe/{page}/")
        for each in server.received
        for line in each.text.splitlines()
        if line.startswith(f"{PUBLIC}/equipe/{page}/")
    ]
    with office.database.reading() as session:
        assert [_ends(session, token, purpose) for token in tokens] == [NOON + MINUTE, NOON + MINUTE + life]


def _ends(session: Session, token: str, purpose: LinkPurpose) -> object:
    query = select(OneTimeLink).where(OneTimeLink.token_hash == digest(token), OneTimeLink.purpose == purpose)
    return session.exec(query).one().expires_at


INJECTIONS = (
    "camille@personne.example\r\nBcc: autre@ailleurs.example",
    "camille@personne.example\nBcc: autre@ailleurs.example",
    "camille@personne.example, autre@ailleurs.example",
    "camille@personne.example; autre@ailleurs.example",
    "camille@personne.example autre@ailleurs.example",
    "Camille <camille@personne.example>",
    "camille@personne.example\0",
    "camille",
    "@personne.example",
    "camille@",
    "a@b@personne.example",
    "camille@..example",
)


@pytest.mark.parametrize("address", INJECTIONS)
def test_an_address_that_is_not_exactly_one_receives_nothing(office: Office, server: MailServer, address: str) -> None:
    if "\0" in address and not office.database.is_sqlite:
        return  # PostgreSQL itself refuses to hold it
    referral = a_referral(email=address)
    office.keep(referral)
    office.announce(MailTemplate.REQUEST_RECEIVED, referral)
    assert office.deliver().postponed == 1
    assert [mail.failure for mail in office.mails()] == ["UnsafeHeaderError"]
    assert server.tried == 0


@pytest.mark.parametrize("header", ["sender", "recipient", "subject", "message_id"])
@pytest.mark.parametrize("ending", ["\r\nBcc: autre@ailleurs.example", "\nX-Forged: 1", "\rX-Forged: 1", "\0"])
def test_a_header_never_holds_another_one(header: str, ending: str) -> None:
    right = {
        "sender": "Guide <guide@departement.example>",
        "recipient": CAMILLE,
        "subject": "Bonjour",
        "message_id": "<1@guide.example>",
    }
    wrong = right | {header: right[header] + ending}
    with pytest.raises(UnsafeHeaderError):
        compose(**wrong, text="a", html="a", at=NOON)


def test_a_name_cannot_add_a_header_or_a_recipient(office: Office, server: MailServer) -> None:
    referral = a_referral(name="Camille\r\nBcc: autre@ailleurs.example\r\n\r\n<h1>Gagné</h1>")
    office.keep(referral)
    office.announce(MailTemplate.REQUEST_RECEIVED, referral)
    office.deliver()
    assert recipients(server) == [CAMILLE]
    assert server.received[0].message["Bcc"] is None
    assert "Bonjour Camille Bcc: autre@ ailleurs. example" in server.received[0].text


def test_a_domain_with_accents_is_written_as_servers_know_it(office: Office, server: MailServer) -> None:
    referral = a_referral(email="camille@été.example")
    office.keep(referral)
    office.announce(MailTemplate.REQUEST_RECEIVED, referral)
    assert office.deliver().sent == 1
    assert recipients(server) == ["camille@xn--t-9fab.example"]


@pytest.mark.parametrize("agreed", [False, True])
def test_who_came_by_the_table_receives_nothing_that_she_did_not_ask_for_before_she_agrees(
    office: Office, server: MailServer, agreed: bool
) -> None:
    referral = a_referral(origin=Origin.IMPORT, agreed_at=NOON if agreed else None)
    office.keep(referral)
    line = a_line(referral, "Bonjour")
    office.keep(line)
    templates = [MailTemplate.STAFF_WROTE, MailTemplate.STATE_CHANGED, MailTemplate.CLOSED, MailTemplate.CODE]
    for template in templates:
        office.announce(template, referral, line_id=line.id)
    report = office.deliver()
    assert (report.sent, report.dropped) == ((4, 0) if agreed else (1, 3))
