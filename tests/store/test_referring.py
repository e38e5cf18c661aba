"""Recording a request: once and for all, whatever is pressed twice, breaks, or comes back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import SQLModel, col, select

from guide.content.base import KnowledgeBase
from guide.drafting import Request, draft_referral, snapshot
from guide.errors import TooManyError
from guide.models import Introduction, JournalLine, OutgoingMail, Referral, RightsTask, Tally, TrackingToken
from guide.models.introduction import IntroductionChannel, IntroductionState
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Outcome, ReferralState
from guide.orientation import propose
from guide.profile import Profile
from guide.referring import Recorded, record_referral
from guide.secrecy import digest
from guide.store.database import Database

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "clé de test"  # noqa: S105 - a test
PROFILE = Profile(stage="idee", commune="62447", needs=("financer",), support="aucun")
Record = Callable[..., Recorded]


def request(**changes: Any) -> Request:
    given = {"name": "Camille Fictif", "email": "camille@exemple.fr", "commune": "62447", "words": "Un café de village"}
    return Request(**{**given, "structures": ("apes",), "profile": PROFILE, **changes})


@pytest.fixture
def record(database: Database, knowledge: KnowledgeBase) -> Record:
    def record_one(asked: Request | None = None, *, key: str = "clé-1", at: datetime = NOON, **more: Any) -> Recorded:
        shown = propose(PROFILE, knowledge, date(2026, 11, 24))
        draft = draft_referral(asked or request(), form_key=key, shown=shown, knowledge=knowledge, secret=SECRET, at=at)
        with database.writing() as session:
            return record_referral(session, draft, caller=more.get("caller", "quelqu'un"))

    return record_one


def rows(database: Database, table: type[SQLModel]) -> list[Any]:
    with database.reading() as session:
        return list(session.exec(select(table)).all())


def test_a_request_is_kept_with_its_agreements_its_mails_and_the_path_shown(
    record: Record, database: Database, knowledge: KnowledgeBase
) -> None:
    recorded = record()
    [referral] = rows(database, Referral)
    assert recorded.is_new
    assert referral.reference.startswith("ESS-")
    assert (referral.name, referral.email, referral.state) == ("Camille Fictif", "camille@exemple.fr", "received")
    assert (referral.epci, referral.stage, referral.needs) == ("epci-7-vallees", "idee", ["financer"])
    assert referral.outside_networks is True
    assert referral.shown == snapshot(propose(PROFILE, knowledge, date(2026, 11, 24)))
    assert referral.knowledge_version == knowledge.version
    assert [(each.entry, each.state) for each in rows(database, Introduction)] == [("apes", IntroductionState.PROPOSED)]
    assert {mail.template for mail in rows(database, OutgoingMail)} == {
        MailTemplate.REQUEST_RECEIVED,
        MailTemplate.NEW_REQUEST,
    }
    assert [line.kind for line in rows(database, JournalLine)] == [LineKind.RECORDED]


def test_a_structure_ticked_twice_is_one_agreement(record: Record, database: Database) -> None:
    record(request(structures=("apes", "dla", "apes")))
    assert [each.entry for each in rows(database, Introduction)] == ["apes", "dla"]


def test_only_hashes_of_the_link_and_of_the_form_are_stored(record: Record, database: Database) -> None:
    token = record().token
    assert token is not None
    kept = " ".join(str(row.model_dump()) for table in (Referral, TrackingToken) for row in rows(database, table))
    assert token not in kept
    assert "clé-1" not in kept
    assert [each.token_hash for each in rows(database, TrackingToken)] == [digest(token)]


def test_the_same_form_sent_again_is_one_referral_and_the_same_link(record: Record, database: Database) -> None:
    first, second = record(), record(at=NOON + timedelta(minutes=1))
    assert (first.token, first.referral.id) == (second.token, second.referral.id)
    assert not second.is_new
    assert len(rows(database, Referral)) == len(rows(database, JournalLine)) == 1
    assert rows(database, Referral)[0].version == 1


def test_eight_clicks_at_once_make_one_referral(record: Record, database: Database) -> None:
    tokens: list[str | None] = []

    def click() -> None:
        try:
            tokens.append(record().token)
        except SQLAlchemyError:  # another click was first: the page is asked again, with the same form
            tokens.append(record().token)

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(tokens)) == 1
    assert len(tokens) == 8
    assert len(rows(database, Referral)) == 1


def test_going_back_to_correct_a_word_keeps_what_is_said_last(record: Record, database: Database) -> None:
    record()
    record(request(words="Un café et une épicerie", email="camille.fictif@exemple.fr", structures=("dla",)))
    [referral] = rows(database, Referral)
    assert (referral.words, referral.email) == ("Un café et une épicerie", "camille.fictif@exemple.fr")
    corrected = [line for line in rows(database, JournalLine) if line.kind is LineKind.CORRECTED]
    assert [line.text for line in corrected] == ["adresse électronique, quelques lignes sur le projet"]
    assert {each.entry: each.state for each in rows(database, Introduction)} == {
        "apes": IntroductionState.WITHDRAWN,
        "dla": IntroductionState.PROPOSED,
    }
    assert sorted(mail.template for mail in rows(database, OutgoingMail)).count(MailTemplate.REQUEST_RECEIVED) == 2


def test_a_form_sent_again_after_closing_is_kept_as_a_message(record: Record, database: Database) -> None:
    record()
    with database.writing() as session:
        referral = session.exec(select(Referral)).one()
        referral.move(ReferralState.CLOSED, at=NOON, outcome=Outcome.ABANDONED)
    record(request(words="Finalement je continue"))
    assert [line.text for line in rows(database, JournalLine) if line.kind is LineKind.MESSAGE] == [
        "Finalement je continue"
    ]
    assert rows(database, Referral)[0].words == "Un café de village"


def test_the_same_request_from_another_form_is_recognised_and_gives_no_link_away(
    record: Record, database: Database
) -> None:
    record()
    again = record(request(name="camille  FICTIF"), key="clé-2", at=NOON + timedelta(days=3))
    assert (again.token, again.is_new) == (None, False)
    assert len(rows(database, Referral)) == len(rows(database, TrackingToken)) == 1
    assert MailTemplate.NEW_LINK in {mail.template for mail in rows(database, OutgoingMail)}


def test_a_request_that_is_recognised_gains_what_it_did_not_say_yet_and_loses_nothing(
    record: Record, database: Database
) -> None:
    record(request(call_when=("matin",)))
    again = record(request(structures=("dla",), call_when=("soir",)), key="clé-2")
    assert again.added == "structures choisies, moments pour appeler"
    assert {(each.entry, each.state) for each in rows(database, Introduction)} == {
        ("apes", IntroductionState.PROPOSED),
        ("dla", IntroductionState.PROPOSED),
    }
    [referral] = rows(database, Referral)
    assert (referral.call_when, referral.version) == (["matin", "soir"], 2)
    assert [line.text for line in rows(database, JournalLine) if line.kind is LineKind.SENT_AGAIN] == [again.added]
    assert record(request(structures=("dla",)), key="clé-3").added is None
    assert rows(database, Referral)[0].version == 2


def test_going_back_to_change_when_to_call_is_kept(record: Record, database: Database) -> None:
    record(request(call_when=("matin",)))
    record(request(call_when=("soir",)))
    assert rows(database, Referral)[0].call_when == ["soir"]


def test_a_form_sent_again_undoes_nothing_of_what_the_team_took_up(record: Record, database: Database) -> None:
    record(request(structures=("apes", "dla")))
    with database.writing() as session:
        taken_up, declined = session.exec(select(Introduction).order_by(col(Introduction.entry))).all()
        taken_up.channel, declined.state = IntroductionChannel.RELAYED, IntroductionState.DECLINED
    record(request(structures=("dla",), words="Un café et une épicerie"))
    assert [(each.entry, each.state) for each in rows(database, Introduction)] == [
        ("apes", IntroductionState.PROPOSED),
        ("dla", IntroductionState.DECLINED),
    ]


def test_without_a_mail_an_officer_is_asked_to_give_the_link_again_once(record: Record, database: Database) -> None:
    by_phone = request(email=None, phone="+33612345678")
    record(by_phone)
    record(by_phone, key="clé-2")
    record(by_phone, key="clé-3")
    assert len(rows(database, RightsTask)) == 1


def test_another_project_of_the_same_person_is_another_referral(record: Record, database: Database) -> None:
    record()
    assert record(request(words="Une recyclerie"), key="clé-2").is_new
    assert len(rows(database, Referral)) == 2


def test_a_contact_asks_three_times_a_day_and_again_the_next_day(record: Record) -> None:
    for number in range(3):
        record(request(words=f"Projet {number}"), key=f"clé-{number}")
    with pytest.raises(TooManyError):
        record(request(words="Projet 4"), key="clé-4")
    assert record(request(words="Projet 4"), key="clé-4", at=NOON + timedelta(hours=25)).is_new


def test_an_address_sends_forty_requests_in_ten_minutes_and_another_one_still_can(record: Record) -> None:
    for number in range(40):
        record(request(email=f"a{number}@exemple.fr"), key=f"clé-{number}")
    with pytest.raises(TooManyError):
        record(request(email="b@exemple.fr"), key="clé-b")
    assert record(request(email="b@exemple.fr"), key="clé-b", caller="une autre").is_new
    assert record(request(email="c@exemple.fr"), key="clé-c", at=NOON + timedelta(minutes=11)).is_new


def test_a_form_that_was_recorded_is_never_refused_by_a_limit(record: Record) -> None:
    for number in range(3):
        record(request(words=f"Projet {number}"), key=f"clé-{number}")
    assert not record(request(words="Projet 0"), key="clé-0").is_new


def test_what_is_counted_holds_neither_contact_nor_address(record: Record, database: Database) -> None:
    record(caller="203.0.113.7")
    kept = str([row.model_dump() for row in rows(database, Tally) if row.bucket == "request-contact"])
    assert "camille" not in kept


@pytest.mark.parametrize(
    "wrong",
    [{"email": None, "phone": None}, {"name": ""}, {"commune": "59350"}, {"phone": "0612"}, {"statut": "closed"}],
)
def test_an_invalid_request_never_reaches_the_tables(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        request(**wrong)


@contextmanager
def failing_at(database: Database, nth: int) -> Iterator[list[int]]:
    """Break the n-th statement; the list tells how many were sent."""
    sent = [0]

    def count(*_: Any) -> None:
        sent[0] += 1
        if sent[0] == nth:
            raise OperationalError("planned", None, Exception("planned"))

    event.listen(database.engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", count)


def test_a_fault_at_any_statement_stores_everything_or_nothing(record: Record, database: Database) -> None:
    tables = (Referral, Introduction, JournalLine, OutgoingMail, TrackingToken, Tally)
    with failing_at(database, -1) as sent:
        record(key="essai", caller="un autre")
    whole, statements = [len(rows(database, table)) for table in tables], sent[0]
    assert statements > 8
    for nth in range(1, statements + 1):
        before = [len(rows(database, table)) for table in tables]
        with failing_at(database, nth), pytest.raises(SQLAlchemyError):
            record(request(words=f"Projet {nth}", email=f"a{nth}@exemple.fr"), key=f"clé-{nth}")
        assert [len(rows(database, table)) for table in tables] == before, nth
        record(request(words=f"Projet {nth}", email=f"a{nth}@exemple.fr"), key=f"clé-{nth}", caller=f"{nth}")
        after = [len(rows(database, table)) for table in tables]
        assert [now - then for now, then in zip(after, before, strict=True)] == whole, nth


def test_the_same_form_cannot_send_mails_to_address_after_address(record: Record, database: Database) -> None:
    record()
    for number in range(39):
        record(request(email=f"a{number}@exemple.fr"))
    with pytest.raises(TooManyError):
        record(request(email="b@exemple.fr"))
    assert rows(database, Referral)[0].email == "a38@exemple.fr"


def test_an_old_form_corrects_nothing_and_what_it_says_is_kept(record: Record, database: Database) -> None:
    token = record().token
    again = record(request(email="autre@exemple.fr", words="Autre chose"), at=NOON + timedelta(hours=25))
    [referral] = rows(database, Referral)
    assert (again.token, referral.email, referral.words) == (token, "camille@exemple.fr", "Un café de village")
    assert "Autre chose" in [line.text for line in rows(database, JournalLine)]


@pytest.mark.parametrize(("first", "second"), [(None, None), ("مقهى", "مكتبة"), ("☕", "📚")])
def test_nobody_is_recognised_without_the_same_words(
    record: Record, database: Database, first: str | None, second: str | None
) -> None:
    record(request(words=first))
    assert record(request(words=second), key="clé-2").is_new
    assert {referral.words for referral in rows(database, Referral)} == {first, second}
