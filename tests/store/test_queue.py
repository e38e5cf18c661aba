"""The queue: what is late comes first, each tab holds what it says, and a page turns without losing anybody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from guide.content.base import KnowledgeBase
from guide.days import paris_day
from guide.deadlines import Limits, draw_limits
from guide.delays import Delays, add_working_days
from guide.demo.filling import Demo
from guide.demo.team import enrol_team
from guide.models import ContactAttempt, Introduction, Referral, StaffAccount
from guide.models.introduction import IntroductionState
from guide.models.journal import Author, Channel, LineKind
from guide.models.referral import Body, Origin, Outcome, ReferralState
from guide.models.staff import Role
from guide.settings import Settings
from guide.store import journal, narrowing, queue
from guide.store.database import Database
from guide.store.narrowing import Filters, Word
from guide.store.queue import Page, Place, Rank, Tab

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday
LIMITS = draw_limits(NOW, Delays())
NO_FILTER = Filters()


def officer(**changes: Any) -> StaffAccount:
    given = {"email": "alix@exemple.fr", "name": "Alix Agent", "role": Role.OFFICER, "created_at": NOW}
    return StaffAccount(**{**given, **changes})


def dossier(name: str, since: datetime = NOW, **changes: Any) -> Referral:
    given: dict[str, Any] = {
        "name": name,
        "email": "x@exemple.fr",
        "reference": f"ESS-{name.upper():A<6}"[:10],
        "received_at": since,
        "state_since": since,
        "last_contact_at": since,
    }
    made = Referral(**{**given, **changes})
    made.index_names()
    return made


def keep(database: Database, *rows: Any) -> None:
    for row in rows:
        with database.writing() as session:
            session.add(row)


@pytest.fixture
def alix(database: Database) -> StaffAccount:
    account = officer()
    keep(database, account)
    return account


def everything(
    database: Database, account: StaffAccount, tab: Tab = Tab.OPEN, limits: Limits = LIMITS, size: int = 50, **more: Any
) -> list[tuple[str, Rank]]:
    """Every row of a tab, page after page."""
    found: list[tuple[str, Rank]] = []
    after: Place | None = None
    while True:
        with database.reading() as session:
            filters = more.get("filters", NO_FILTER)
            page = queue.list_page(session, account, tab, filters, limits, after=after, size=size)
        found += [(str(row.referral.name), row.rank) for row in page.rows]
        after = page.next
        if after is None:
            return found


def counts(database: Database, account: StaffAccount, filters: Filters = NO_FILTER) -> dict[Tab, int]:
    with database.reading() as session:
        return queue.count_tabs(session, account, filters, LIMITS)


def days(count: int) -> datetime:
    return NOW - timedelta(days=count)


# --- what is late


def test_what_is_late_comes_first_and_the_longest_wait_before_the_others(
    database: Database, alix: StaffAccount
) -> None:
    assigned = {"state": ReferralState.ASSIGNED, "assigned_to": alix.id, "assigned_body": Body.MISSION}
    keep(
        database,
        dossier("frais"),
        dossier("attend", days(6)),
        dossier("vieux", days(9)),
        dossier("immobile", days(20), state=ReferralState.MET),
        dossier("confie", days(9), **assigned),
        dossier("essaye", days(8), **assigned),
        dossier("dort", days(30), snoozed_until=date(2026, 12, 1)),
        dossier("clos", days(90), state=ReferralState.CLOSED, outcome=Outcome.AUTONOMOUS, closed_at=NOW),
    )
    with database.writing() as session:
        tried = session.exec(select(Referral).where(Referral.name == "essaye")).one()
        session.add(ContactAttempt(referral_id=tried.id, at=days(3), channel=Channel.PHONE, reached=False))
    assert everything(database, alix) == [
        ("vieux", Rank.LATE),
        ("confie", Rank.LATE),
        ("attend", Rank.LATE),
        ("immobile", Rank.TO_CHASE),
        ("essaye", Rank.TO_CHASE),
        ("frais", Rank.IN_TIME),
        ("dort", Rank.SNOOZED),
    ]
    assert everything(database, alix, Tab.CLOSED) == [("clos", Rank.IN_TIME)]


def test_an_attempt_before_the_dossier_was_given_does_not_count(database: Database, alix: StaffAccount) -> None:
    given = dossier("confie", days(9), state=ReferralState.ASSIGNED, assigned_to=alix.id, assigned_body=Body.MISSION)
    keep(database, given)
    keep(database, ContactAttempt(referral_id=given.id, at=days(12), channel=Channel.PHONE, reached=True))
    assert [name for name, _ in everything(database, alix, Tab.LATE)] == ["confie"]


def test_days_of_leave_put_off_what_is_late(database: Database, alix: StaffAccount) -> None:
    noa = officer(email="noa@exemple.fr", name="Noa", role=Role.ADVISER)
    keep(database, noa)
    for name, who in (("present", alix), ("absent", noa)):
        keep(
            database, dossier(name, days(8), state=ReferralState.ASSIGNED, assigned_to=who.id, assigned_body=Body.APES)
        )
    limits = draw_limits(NOW, Delays(), {noa.id: [(date(2026, 11, 17), date(2026, 11, 20))]})
    assert [name for name, _ in everything(database, alix, Tab.LATE, limits)] == ["present"]


@pytest.mark.parametrize(
    ("until", "rank"),
    [
        (date(2026, 11, 25), Rank.SNOOZED),
        (date(2026, 11, 24), Rank.IN_TIME),  # the day itself is in time
        (date(2026, 11, 23), Rank.LATE),
    ],
)
def test_a_pause_moves_the_date(database: Database, alix: StaffAccount, until: date, rank: Rank) -> None:
    keep(database, dossier("pause", days(15), snoozed_until=until, snooze_reason="Attend un local"))
    assert everything(database, alix) == [("pause", rank)]


def test_a_pause_that_is_over_is_to_chase_until_somebody_acts(database: Database, alix: StaffAccount) -> None:
    woken = dossier("reveil", days(3), state=ReferralState.MET, snoozed_until=paris_day(NOW))
    keep(database, woken)
    assert everything(database, alix, Tab.TO_CHASE) == [("reveil", Rank.TO_CHASE)]
    with database.writing() as session:
        kept = session.get_one(Referral, woken.id)
        journal.add_line(session, kept, LineKind.NOTE, at=NOW, author=Author.STAFF, staff_id=alix.id, text="Vu")
        assert kept.snoozed_until is None
    assert everything(database, alix, Tab.TO_CHASE) == []


# --- what moves, and what only looks as if it did


@pytest.mark.parametrize(
    ("kind", "author", "visible", "moves"),
    [
        (LineKind.NOTE, Author.STAFF, False, True),
        (LineKind.MESSAGE, Author.PERSON, True, True),
        (LineKind.READ, Author.STAFF, False, False),
        (LineKind.DOWNLOADED, Author.PERSON, False, False),
        (LineKind.MESSAGE, Author.SYSTEM, True, False),
    ],
)
def test_what_somebody_writes_moves_a_dossier_and_reading_it_does_not(
    database: Database, kind: LineKind, author: Author, visible: bool, moves: bool
) -> None:
    with database.writing() as session:
        kept = dossier("a", days(10), snoozed_until=date(2026, 12, 24), snooze_reason="Vacances")
        session.add(kept)
        session.flush()
        assert kept.moved_at == kept.news_at == days(10)
        journal.add_line(session, kept, kind, at=NOW, author=author, visible=visible)
        assert (kept.moved_at == NOW, kept.news_at == NOW) == (moves, visible)
        assert (kept.snoozed_until is None) == (author is Author.PERSON and moves), "who writes wakes her dossier"


# --- tabs, filters and search, over an invented desk


@pytest.fixture
def desk(database: Database, knowledge: KnowledgeBase) -> Callable[[Role], StaffAccount]:
    with database.writing() as session:
        team = enrol_team(session, Settings(argon2_memory=8), now=NOW)
        demo = Demo(knowledge, Random(3), NOW, team[Role.OFFICER], team[Role.ADVISER])  # noqa: S311 - invented
        demo.fill(session, 160)
        for number, kept in enumerate(
            session.exec(select(Referral).where(Referral.state != "closed").order_by(col(Referral.id))).all()
        ):
            if number % 9 == 0:
                kept.snoozed_until = paris_day(NOW) + timedelta(days=number - 30)

    def find(role: Role) -> StaffAccount:
        with database.reading() as session:
            return session.get_one(StaffAccount, team[role][0])

    return find


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADVISER])
def test_each_tab_holds_as_many_as_it_says_and_pages_turn_without_losing_or_repeating_anybody(
    database: Database, desk: Callable[[Role], StaffAccount], role: Role
) -> None:
    account = desk(role)
    said = counts(database, account)
    assert role is Role.ADVISER or all(said.values())
    for tab in Tab:
        pages = everything(database, account, tab, size=7)
        assert len(pages) == said[tab]
        assert pages == everything(database, account, tab, size=10_000)
        assert [rank for _, rank in pages] == sorted(rank for _, rank in pages)


def test_an_adviser_only_counts_what_the_apes_holds(database: Database, desk: Callable[[Role], StaffAccount]) -> None:
    with database.reading() as session:
        held = session.exec(select(Referral).where(Referral.assigned_body == Body.APES)).all()
    said = counts(database, desk(Role.ADVISER))
    assert said[Tab.OPEN] + said[Tab.CLOSED] == len(held)


Predicate = Callable[[Referral], bool]
FILTERS: list[tuple[Filters, Predicate]] = [
    (Filters(epci="epci-arras"), lambda each: each.epci == "epci-arras"),
    (Filters(stage="idee"), lambda each: each.stage == "idee"),
    (Filters(need="financer"), lambda each: "financer" in each.needs),
    (Filters(label="labellise"), lambda each: ["budget_citoyen", "labellise"] in each.answers),
    (Filters(label="non"), lambda each: ["budget_citoyen", "non"] in each.answers),
    (Filters(outside=True), lambda each: each.outside_networks is True),
    (Filters(outside=False), lambda each: each.outside_networks is False),
    (Filters(origin=Origin.ENTRY), lambda each: each.origin is Origin.ENTRY),
    (Filters(nobody=True), lambda each: each.assigned_to is None),
    (Filters(received_after=days(30)), lambda each: each.received_at >= days(30)),
    (Filters(received_before=days(90)), lambda each: each.received_at < days(90)),
    (
        Filters(need="subventions", stage="creation"),
        lambda each: "subventions" in each.needs and each.stage == "creation",
    ),
]


def test_each_filter_keeps_exactly_what_it_names(database: Database, desk: Callable[[Role], StaffAccount]) -> None:
    account = desk(Role.OFFICER)
    with database.reading() as session:
        referrals = session.exec(select(Referral)).all()
    whose = next(each.assigned_to for each in referrals if each.assigned_to)
    for filters, keeps in [*FILTERS, (Filters(adviser=whose), lambda each: each.assigned_to == whose)]:
        said = counts(database, account, filters)
        wanted = [each for each in referrals if keeps(each)]
        assert wanted, filters
        assert said[Tab.OPEN] + said[Tab.CLOSED] == len(wanted), filters
        assert len(everything(database, account, filters=filters)) == sum(each.is_open for each in wanted)


def test_the_label_of_somebody_who_is_a_candidate_is_not_no(database: Database, alix: StaffAccount) -> None:
    keep(database, dossier("non-retenu", answers=[["budget_citoyen", "non-retenu"]]))
    assert everything(database, alix, filters=Filters(label="non")) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dup", ["Chloé Dupont"]),
        ("chloe dupont", ["Chloé Dupont"]),
        ("recy", ["Alix Petit"]),  # the project
        ("ont", []),  # a word begins, it is not cut
        ("arras", ["Alix Petit"]),  # the commune
        ("st omer", ["Chloé Dupont"]),
        ("petit arras", ["Alix Petit"]),
        ("petit omer", []),
        ("100%", []),
    ],
)
def test_a_search_begins_words_of_the_name_the_project_or_the_place(
    database: Database, alix: StaffAccount, knowledge: KnowledgeBase, typed: str, found: list[str]
) -> None:
    keep(
        database,
        dossier("Chloé Dupont", reference="ESS-AAAAAA", commune="62765"),
        dossier("Alix Petit", reference="ESS-BBBBBB", commune="62041", project_name="La Recyclerie"),
    )
    words = [Word(word, knowledge.territory.list_beginning(word)) for word in typed.replace("%", " %").split()]
    assert [name for name, _ in everything(database, alix, filters=Filters(words=words))] == found


def test_a_reference_is_found_by_its_beginning(database: Database, alix: StaffAccount) -> None:
    keep(database, dossier("a", reference="ESS-7K3P9Q"), dossier("b", reference="ESS-7K4P9Q"))
    filters = Filters(words=[Word("7k3")], reference="ESS-7K3")
    assert everything(database, alix, filters=filters) == [("a", Rank.IN_TIME)]


# --- while the list changes


def test_nobody_vanishes_and_nobody_unchanged_comes_twice_while_the_list_changes(
    database: Database, alix: StaffAccount
) -> None:
    names = [f"n{number:02}" for number in range(30)]
    keep(database, *(dossier(name, days(40 - number), state=ReferralState.MET) for number, name in enumerate(names)))

    def page(after: Place | None) -> Page:
        with database.reading() as session:
            return queue.list_page(session, alix, Tab.OPEN, NO_FILTER, LIMITS, after=after, size=10)

    def touch(session: Session, name: str) -> None:
        kept = session.exec(select(Referral).where(Referral.name == name)).one()
        later = NOW + timedelta(minutes=5)
        journal.add_line(session, kept, LineKind.NOTE, at=later, author=Author.STAFF, text="Vu")

    first = page(None)
    with database.writing() as session:
        for name in ("n03", "n15", "n25"):  # one already read, two that were to come
            touch(session, name)
        session.add(dossier("nouveau", NOW + timedelta(minutes=6)))
    second = page(first.next)
    third = page(second.next)
    read = [(str(row.referral.name), row.rank) for each in (first, second, third) for row in each.rows]
    rest = page(third.next) if third.next else Page([], None)
    read += [(str(row.referral.name), row.rank) for row in rest.rows]
    changed = [name for name, rank in read if rank is Rank.CHANGED]
    assert changed == ["n03", "n15", "n25", "nouveau"]
    unchanged = [name for name, rank in read if rank is not Rank.CHANGED]
    assert unchanged == [name for name in names if name not in ("n15", "n25")]


def test_since_a_visit_new_requests_and_people_who_wrote_are_counted(database: Database, alix: StaffAccount) -> None:
    old, new, wrote = (
        dossier("old", days(9)),
        dossier("new", days(1)),
        dossier("wrote", days(9), reference="ESS-WWWWWW"),
    )
    keep(database, old, new, wrote)
    with database.writing() as session:
        for kept, author in ((old, Author.STAFF), (new, Author.PERSON), (wrote, Author.PERSON)):
            merged = session.get_one(Referral, kept.id)
            journal.add_line(session, merged, LineKind.MESSAGE, at=NOW, author=author, text="Mot", visible=True)
    with database.reading() as session:
        assert narrowing.count_since(session, alix, days(2)) == (1, 1)
        assert narrowing.count_since(session, alix, NOW) == (0, 0)
    spoken = everything(database, alix, filters=Filters(spoken_since=days(2)))
    assert {name for name, _ in spoken} == {"new", "wrote"}


def test_a_row_says_which_structure_and_which_person_it_waits_for(database: Database, alix: StaffAccount) -> None:
    waiting, answered = dossier("waiting", state=ReferralState.MET), dossier("answered", reference="ESS-ZZZZZZ")
    keep(database, waiting, answered)
    for entry, state in (("apes", IntroductionState.SENT), ("galilee", IntroductionState.ACCEPTED)):
        keep(
            database,
            Introduction(referral_id=waiting.id, entry=entry, state=state, proposed_at=NOW, state_since=NOW),
        )
    with database.writing() as session:
        for kept, author in ((waiting, Author.PERSON), (answered, Author.PERSON), (answered, Author.STAFF)):
            at = NOW + timedelta(minutes=author is Author.STAFF)
            merged = session.get_one(Referral, kept.id)
            journal.add_line(session, merged, LineKind.MESSAGE, at=at, author=author, text="Mot", visible=True)
    with database.reading() as session:
        rows = queue.list_page(session, alix, Tab.OPEN, NO_FILTER, draw_limits(days(-1), Delays())).rows
        awaited: dict[UUID, list[Introduction]] = queue.list_awaited(session, rows)
        assert {key: [each.entry for each in found] for key, found in awaited.items()} == {waiting.id: ["apes"]}
        assert queue.list_unanswered(session, rows) == {waiting.id: NOW}
    assert counts(database, alix)[Tab.WAITING] == 1


def test_late_means_after_the_day_that_was_promised(database: Database, alix: StaffAccount) -> None:
    received = datetime(2026, 11, 20, 16, tzinfo=UTC)
    promised = add_working_days(paris_day(received), Delays().review_working_days)
    keep(database, dossier("a", received))
    assert paris_day(NOW) == promised
    assert everything(database, alix, Tab.LATE) == []
    tomorrow = draw_limits(NOW + timedelta(days=1), Delays())
    assert everything(database, alix, Tab.LATE, tomorrow) == [("a", Rank.LATE)]
