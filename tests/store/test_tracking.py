"""What the secret link and the code open, for how long, and what erasing leaves."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from guide import privacy, tracking
from guide.content.base import KnowledgeBase
from guide.delays import Delays
from guide.drafting import draft_referral
from guide.errors import ExpiredLinkError, NotFoundError, TooManyError, UnknownLinkError
from guide.models import (
    JournalLine,
    OutgoingMail,
    Referral,
    RightsCode,
    RightsTask,
    StaffAccount,
    TrackingToken,
    metadata,
)
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import MOVES, Outcome, ReferralState
from guide.referring import record_referral
from guide.secrecy import code_hash
from guide.store.database import Database
from guide.store.followed import Followed
from tests.databases import overlap
from tests.store.test_referring import NOON, SECRET, request, rows

DELAYS = Delays()


@pytest.fixture
def token(database: Database, knowledge: KnowledgeBase) -> str:
    return ask(database, knowledge)


def ask(database: Database, knowledge: KnowledgeBase, key: str = "clé-1", **changes: Any) -> str:
    draft = draft_referral(request(**changes), form_key=key, shown=None, knowledge=knowledge, secret=SECRET, at=NOON)
    with database.writing() as session:
        recorded = record_referral(session, draft, caller=None)
    assert recorded.token is not None
    return recorded.token


def find(database: Database, token: str, now: datetime = NOON) -> Followed:
    with database.reading() as session:
        return tracking.follow(session, token, now=now, delays=DELAYS).referral


def give_code(database: Database, referral: Followed, code: str = "123456", at: datetime = NOON) -> None:
    with database.writing() as session:
        session.add(
            RightsCode(
                referral_id=referral.id,
                code_hash=code_hash(SECRET, referral.id, code),
                created_at=at,
                expires_at=at + timedelta(minutes=15),
            )
        )


def enter(database: Database, referral: Followed, code: str, now: datetime = NOON) -> tracking.Entered:
    with database.writing() as session:
        return tracking.enter_code(session, referral.id, code, secret=SECRET, now=now, delays=DELAYS)


@pytest.mark.parametrize("wrong", ["", "x", "inconnu" * 10])
def test_a_link_that_was_never_made_opens_nothing(database: Database, wrong: str) -> None:
    with pytest.raises(UnknownLinkError):
        find(database, wrong)


def test_a_link_lives_as_long_as_the_request_and_thirty_days_more(database: Database, token: str) -> None:
    assert find(database, token, NOON + timedelta(days=500))
    with database.writing() as session:
        tracking.withdraw(session, session.exec(select(Referral)).one().id, at=NOON)
    assert find(database, token, NOON + timedelta(days=29, hours=23))
    with pytest.raises(ExpiredLinkError):
        find(database, token, NOON + timedelta(days=30))


def test_a_word_is_added_once_however_many_times_it_is_sent(database: Database, token: str) -> None:
    for later in (0, 1, 2):
        with database.writing() as session:
            tracking.write_word(session, find(database, token).id, "Bonjour", at=NOON + timedelta(minutes=later))
    assert [line.text for line in rows(database, JournalLine) if line.kind is LineKind.MESSAGE] == ["Bonjour"]
    assert [mail.template for mail in rows(database, OutgoingMail)].count(MailTemplate.PERSON_WROTE) == 1


def test_words_are_written_ten_times_an_hour_and_told_by_one_mail_until_it_leaves(
    database: Database, token: str
) -> None:
    def write(minute: int) -> None:
        with database.writing() as session:
            at = NOON + timedelta(minutes=minute)
            tracking.write_word(session, find(database, token).id, f"Mot {minute}", at=at)

    told = select(OutgoingMail).where(OutgoingMail.template == MailTemplate.PERSON_WROTE)
    write(0)
    write(1)
    with database.writing() as session:
        session.exec(told).one().sent_at = NOON  # it leaves: the next word is told by another
    for minute in range(2, 10):
        write(minute)
    with database.reading() as session:
        assert len(session.exec(told).all()) == 2
    with pytest.raises(TooManyError) as refused:
        write(10)
    assert refused.value.wait == 50 * 60
    write(61)


def test_a_word_written_while_its_mail_is_leaving_is_told_by_another(database: Database, token: str) -> None:
    for minute, word in enumerate(("Un", "Deux")):
        with database.writing() as session:
            tracking.write_word(session, find(database, token).id, word, at=NOON + timedelta(minutes=minute))
        with database.writing() as session:
            for mail in session.exec(select(OutgoingMail)).all():
                mail.claimed_until = NOON + timedelta(minutes=10)
    assert [mail.template for mail in rows(database, OutgoingMail)].count(MailTemplate.PERSON_WROTE) == 2


@pytest.mark.parametrize("state", [state for state in MOVES if state is not ReferralState.CLOSED])
def test_withdrawing_closes_from_any_open_state_and_tells_the_mission(
    database: Database, token: str, state: ReferralState
) -> None:
    with database.writing() as session:
        session.exec(select(Referral)).one().state = state
    for _ in range(2):
        with database.writing() as session:
            tracking.withdraw(session, find(database, token).id, at=NOON)
    [referral] = rows(database, Referral)
    assert (referral.state, referral.outcome) == (ReferralState.CLOSED, Outcome.WITHDRAWN)
    assert [mail.template for mail in rows(database, OutgoingMail)].count(MailTemplate.WITHDRAWN) == 1


def test_a_code_opens_the_data_once_and_for_fifteen_minutes(database: Database, token: str) -> None:
    referral = find(database, token)
    give_code(database, referral)
    entered = enter(database, referral, "123456")
    assert entered.key
    with database.reading() as session:
        for minutes, opened in ((0, True), (14, True), (15, False)):
            now = NOON + timedelta(minutes=minutes)
            assert bool(tracking.find_opened(session, referral.id, entered.key, now=now)) is opened
        assert tracking.find_opened(session, referral.id, "autre", now=NOON) is None
        assert tracking.find_opened(session, referral.id, None, now=NOON) is None
    assert enter(database, referral, "123456").key is None


def test_five_wrong_codes_kill_the_right_one(database: Database, token: str) -> None:
    referral = find(database, token)
    give_code(database, referral)
    assert [enter(database, referral, "000000").tries_left for _ in range(5)] == [4, 3, 2, 1, 0]
    assert enter(database, referral, "123456") == tracking.Entered(None, 0)


def test_a_code_is_dead_after_fifteen_minutes(database: Database, token: str) -> None:
    referral = find(database, token)
    give_code(database, referral)
    assert enter(database, referral, "123456", NOON + timedelta(minutes=15)).key is None


def test_a_code_of_one_request_opens_no_other(database: Database, knowledge: KnowledgeBase, token: str) -> None:
    other = find(database, ask(database, knowledge, "clé-2", email="autre@exemple.fr"))
    give_code(database, find(database, token))
    assert enter(database, other, "123456").key is None


def test_the_code_goes_by_mail_or_an_officer_is_asked_to_call(database: Database, knowledge: KnowledgeBase) -> None:
    by_mail = find(database, ask(database, knowledge))
    by_phone = find(database, ask(database, knowledge, "clé-2", email=None, phone="+33612345678"))
    for referral in (by_mail, by_phone, by_phone):
        with database.writing() as session:
            tracking.ask_code(session, referral.id, secret=SECRET, at=NOON)
    codes = [mail for mail in rows(database, OutgoingMail) if mail.template is MailTemplate.CODE]
    assert [mail.referral_id for mail in codes] == [by_mail.id]
    assert [task.referral_id for task in rows(database, RightsTask)] == [by_phone.id]


def test_codes_are_asked_five_times_an_hour(database: Database, token: str) -> None:
    def ask_one(at: datetime) -> None:
        with database.writing() as session:
            tracking.ask_code(session, find(database, token).id, secret=SECRET, at=at)

    for minute in range(5):
        ask_one(NOON + timedelta(minutes=minute))
    with pytest.raises(TooManyError):
        ask_one(NOON + timedelta(minutes=6))
    ask_one(NOON + timedelta(minutes=61))


def test_two_clicks_ask_for_one_code(database: Database, token: str) -> None:
    for seconds in (0, 1, 19):
        with database.writing() as session:
            tracking.ask_code(session, find(database, token).id, secret=SECRET, at=NOON + timedelta(seconds=seconds))
    assert [mail.template for mail in rows(database, OutgoingMail)].count(MailTemplate.CODE) == 1


def test_a_lost_link_goes_to_the_known_contact_only(database: Database, token: str) -> None:
    def lose(email: str) -> None:
        with database.writing() as session:
            tracking.ask_link(session, email=email, phone=None, secret=SECRET, caller="a", at=NOON, delays=DELAYS)

    lose("inconnu@exemple.fr")
    assert MailTemplate.NEW_LINK not in {mail.template for mail in rows(database, OutgoingMail)}
    lose("camille@exemple.fr")
    assert [mail.template for mail in rows(database, OutgoingMail)].count(MailTemplate.NEW_LINK) == 1


def test_lost_links_asked_for_at_once_are_counted_one_by_one(database: Database, token: str) -> None:
    assert token

    def lose(session: Session) -> None:
        tracking.ask_link(
            session, email="camille@exemple.fr", phone=None, secret=SECRET, caller="a", at=NOON, delays=DELAYS
        )

    for _ in range(2):
        with database.writing() as session:
            lose(session)
    assert overlap(database, lose, lose) == ["TooManyError"]
    assert [mail.template for mail in rows(database, OutgoingMail)].count(MailTemplate.NEW_LINK) == 3


def test_correcting_names_the_fields_and_never_what_stood_there(database: Database, token: str) -> None:
    with database.writing() as session:
        privacy.correct(session, find(database, token).id, {"phone": "+33612345678", "words": "Autre"}, at=NOON)
    [line] = [each for each in rows(database, JournalLine) if each.kind is LineKind.CORRECTED]
    assert line.text == "téléphone, quelques lignes sur le projet"
    assert rows(database, Referral)[0].phone == "+33612345678"


def test_the_export_holds_everything_that_is_kept_of_the_person(database: Database, token: str) -> None:
    with database.writing() as session:
        tracking.write_word(session, find(database, token).id, "Bonjour", at=NOON)
        kept = privacy.export(session, find(database, token).id, at=NOON)
    for said in ("Camille Fictif", "camille@exemple.fr", "Un café de village", "Bonjour", "apes"):
        assert said in str(kept)


MARKS = ("Camille", "camille@exemple.fr", "café de village", "zqmot", "+33612345678", "Mairie Fictive", "zqnote")


def fill(database: Database, knowledge: KnowledgeBase) -> str:
    token = ask(database, knowledge, phone="+33612345678", helper="Mairie Fictive", answers=(("stage", "idee"),))
    with database.writing() as session:
        referral = session.exec(select(Referral)).one()
        tracking.write_word(session, referral.id, "zqmot", at=NOON)
        session.add(JournalLine(referral_id=referral.id, at=NOON, author="staff", kind="note", text="zqnote"))
    return token


def everything(database: Database) -> str:
    with database.engine.connect() as connection:
        return str([connection.execute(text(f"SELECT * FROM {name}")).all() for name in metadata.tables])  # noqa: S608 - our own names


def test_erasing_leaves_figures_and_nothing_that_leads_to_the_person(
    database: Database, knowledge: KnowledgeBase
) -> None:
    token = fill(database, knowledge)
    assert all(mark in everything(database) for mark in MARKS)
    with database.writing() as session:
        privacy.erase(session, find(database, token).id, at=NOON)
    database.forget()
    assert [mark for mark in MARKS if mark in everything(database)] == []
    if database.path:
        for file in database.path.parent.glob("guide.db*"):
            assert not any(mark.encode() in file.read_bytes() for mark in MARKS), file
    [referral] = rows(database, Referral)
    assert (referral.epci, referral.stage, referral.needs) == ("epci-7-vallees", "idee", ["financer"])
    assert referral.received_at == datetime(2026, 10, 31, 23, tzinfo=UTC)  # the first of November, in Paris
    assert (referral.reference, referral.outcome) == (None, Outcome.WITHDRAWN)
    with pytest.raises(UnknownLinkError):
        find(database, token)


def test_forgetting_keeps_only_what_the_list_says(database: Database, knowledge: KnowledgeBase) -> None:
    fill(database, knowledge)
    with database.writing() as session:
        privacy.anonymise(session, session.exec(select(Referral)).one(), at=NOON)
    [referral] = rows(database, Referral)
    months = {"received_at", "state_since", "last_contact_at", "moved_at", "news_at", "closed_at", "anonymised_at"}
    left = {name for name, value in referral.model_dump().items() if value not in (None, [], False)}
    assert left <= set(privacy.KEPT) | months


def test_the_daily_purge_forgets_after_two_years_however_late_it_runs(
    database: Database, knowledge: KnowledgeBase
) -> None:
    fill(database, knowledge)
    for days, forgotten in ((729, 0), (731 + 400, 1), (731 + 401, 0)):
        with database.writing() as session:
            assert privacy.purge(session, now=NOON + timedelta(days=days), delays=DELAYS) == forgotten
    assert "Camille" not in everything(database)


def test_the_purge_removes_links_of_requests_closed_for_long(database: Database, token: str) -> None:
    with database.writing() as session:
        tracking.withdraw(session, find(database, token).id, at=NOON)
    with database.writing() as session:
        privacy.purge(session, now=NOON + timedelta(days=31), delays=DELAYS)
    assert rows(database, TrackingToken) == []


def test_the_promised_day_follows_the_table_of_delays(database: Database, token: str) -> None:
    with database.writing() as session:
        account = StaffAccount(email="a@exemple.fr", name="Dominique Fictif", role="adviser", created_at=NOON)
        session.add(account)
        session.flush()
        referral = session.exec(select(Referral)).one()
        following = tracking.follow(session, token, now=NOON, delays=DELAYS)
        assert str(tracking.promised_by(following, DELAYS)) == "2026-11-26"
        referral.assigned_to = account.id
        for state, day in (("assigned", "2026-11-30"), ("reviewed", "2026-12-01"), ("closed", "None")):
            referral.state = ReferralState.of(state)
            referral.outcome = Outcome.ENROLLED if state == "closed" else None
            session.flush()
            following = tracking.follow(session, token, now=NOON, delays=DELAYS)
            assert str(tracking.promised_by(following, DELAYS)) == day
        assert following.referral.follower == "Dominique"


def test_a_staff_account_that_nobody_uses_for_a_year_is_disabled(database: Database) -> None:
    with database.writing() as session:
        for name, seen in (("ancien", 400), ("actif", 20)):
            seen_at = NOON - timedelta(days=seen)
            account = StaffAccount(email=f"{name}@exemple.fr", name=name, role="officer", created_at=seen_at)
            account.last_seen_at = seen_at
            session.add(account)
    with database.writing() as session:
        privacy.purge(session, now=NOON, delays=DELAYS)
    assert {account.name: account.disabled_at for account in rows(database, StaffAccount)} == {
        "ancien": NOON,
        "actif": None,
    }


def at_once(times: int, work: Callable[[], object]) -> None:
    """Do the same thing several times, all together."""
    together, failures = threading.Barrier(times), list[Exception]()

    def one() -> None:
        together.wait()
        try:
            work()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_five_wrong_codes_at_once_kill_the_right_one(database: Database, token: str) -> None:
    referral = find(database, token)
    give_code(database, referral)
    at_once(5, lambda: enter(database, referral, "000000"))
    assert [code.tries for code in rows(database, RightsCode)] == [5]
    assert enter(database, referral, "123456") == tracking.Entered(None, 0)


def test_what_is_sent_twice_at_once_is_done_once(database: Database, token: str) -> None:
    referral = find(database, token)

    def write() -> None:
        with database.writing() as session:
            tracking.write_word(session, referral.id, "Bonjour", at=NOON)

    def withdraw() -> None:
        with database.writing() as session:
            tracking.withdraw(session, referral.id, at=NOON)

    at_once(4, write)
    at_once(4, withdraw)
    kinds = [line.kind for line in rows(database, JournalLine)]
    assert (kinds.count(LineKind.MESSAGE), kinds.count(LineKind.WITHDRAWN)) == (1, 1)


LATE = {
    "a word": lambda session, referral: tracking.write_word(session, referral.id, "zqmot", at=NOON),
    "a code": lambda session, referral: tracking.ask_code(session, referral.id, secret=SECRET, at=NOON),
    "a withdrawal": lambda session, referral: tracking.withdraw(session, referral.id, at=NOON),
    "a copy": lambda session, referral: privacy.export(session, referral.id, at=NOON),
    "a correction": lambda session, referral: privacy.correct(session, referral.id, {"name": "Camille"}, at=NOON),
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
def test_nothing_is_written_of_somebody_erased_while_her_page_was_open(
    database: Database, token: str, late: Callable[[Any, Referral], None]
) -> None:
    seen = find(database, token)
    with database.writing() as session:
        privacy.erase(session, find(database, token).id, at=NOON)
    before = everything(database)
    with pytest.raises(NotFoundError), database.writing() as session:
        late(session, seen)
    assert everything(database) == before
