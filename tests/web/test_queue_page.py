"""The desk on screen: what is late is said first and in plain words, a search helps, and a page asks little."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from guide.content.base import KnowledgeBase
from guide.models import Introduction, Referral
from guide.models.introduction import IntroductionState
from guide.models.journal import Author, LineKind
from guide.models.referral import Body, Outcome, ReferralState
from guide.store import journal
from tests.web.pages import Page, plain
from tests.web.team import ADVISER, Colleague, Team

MOST_QUERIES = 11  # of a page of the desk, the reading of the session included


def add(team: Team, name: str, days: float = 0, **changes: Any) -> str:
    """A dossier that has not moved for some days; its reference."""
    since = team.now() - timedelta(days=days)
    given: dict[str, Any] = {
        "email": "x@exemple.fr",
        "reference": f"ESS-{abs(hash(name)) % 1_000_000:06}",
        "commune": "62041",
        "epci": "epci-arras",
        "received_at": since,
        "state_since": since,
        "last_contact_at": since,
    }
    made = Referral(name=name, **{**given, **changes})
    made.index_names()
    with team.database.writing() as session:
        session.add(made)
    assert made.reference
    return made.reference


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def row(page: Page, name: str) -> str:
    [found] = [tag for tag in page.soup.select("table.dossiers tbody tr") if name in tag.get_text()]
    return plain(found.get_text(" "))


def parts(page: Page) -> list[str]:
    return [plain(tag.get_text()) for tag in page.soup.select(".queue-part h3")]


def names(page: Page) -> list[str]:
    return [plain(tag.get_text()) for tag in page.soup.select("table.dossiers tbody th a")]


def tabs(page: Page) -> dict[str, str]:
    said = [plain(tag.get_text(" ")).rsplit(" ", 1) for tag in page.soup.select(".tabs a")]
    return dict(said)


def test_what_is_late_is_read_first_with_since_when_and_what_was_promised(team: Team, officer: Colleague) -> None:
    adviser = team.colleague(ADVISER, "Noa Conseil")
    apes = {"assigned_to": adviser.id, "assigned_body": Body.APES}
    add(team, "Frais Neuf", 0.01)
    add(team, "Vieux Retard", 7)
    add(team, "Confié Oublié", 11, state=ReferralState.ASSIGNED, **apes)
    add(team, "Rencontré Immobile", 20, state=ReferralState.MET)
    page = officer.open("/equipe")
    assert parts(page) == [
        "En retard",
        "À relancer",
        "Dans les temps",
    ]
    assert names(page) == ["Confié Oublié", "Vieux Retard", "Rencontré Immobile", "Frais Neuf"]
    assert "À lire depuis 5 jours ouvrés, au lieu de 2" in row(page, "Vieux Retard")
    late = row(page, "Confié Oublié")
    assert "Aucun essai de contact depuis 7 jours ouvrés, au lieu de 4" in late
    assert "Noa Conseil" in late
    assert "il y a 20 jours" in row(page, "Rencontré Immobile")
    assert "aujourd’hui" in row(page, "Frais Neuf")
    assert "pas encore confié" in row(page, "Frais Neuf")
    assert tabs(page) == {
        "Tous les ouverts": "4",
        "En retard": "2",
        "À qualifier": "2",
        "À confier": "0",
        "Mes dossiers": "0",
        "À relancer": "1",
        "En attente d’une structure": "0",
        "Clos": "0",
    }
    assert page.soup.select_one(".tabs a.urgent")


def test_the_last_day_to_read_a_request_is_said(team: Team, officer: Colleague) -> None:
    add(team, "Pour Ce Soir", 4)  # on Friday
    assert "À lire aujourd’hui au plus tard" in row(officer.open("/equipe"), "Pour Ce Soir")


def test_a_row_says_whom_it_waits_for_and_who_wrote(team: Team, officer: Colleague) -> None:
    add(team, "Alix Attend", 1, state=ReferralState.MET)
    with team.database.writing() as session:
        kept = session.exec(select(Referral)).one()
        given = {"proposed_at": team.now(), "state_since": team.now() - timedelta(days=12)}
        session.add(Introduction(referral_id=kept.id, entry="apes", state=IntroductionState.SENT, **given))
        at = team.now() - timedelta(days=2)
        journal.add_line(session, kept, LineKind.MESSAGE, at=at, author=Author.PERSON, text="Alors ?", visible=True)
    said = row(officer.open("/equipe?vue=en-attente"), "Alix Attend")
    assert re.search(r"Sans réponse de .*APES.*, transmis il y a 12 jours", said)
    assert "La personne a écrit il y a 2 jours, sans réponse" in said


def test_a_pause_is_said_with_its_reason_and_its_tab_only_shows_when_it_serves(team: Team, officer: Colleague) -> None:
    assert "En pause" not in tabs(officer.open("/equipe"))
    until = (team.now() + timedelta(days=7)).date()
    add(team, "Alix Dort", 30, state=ReferralState.MET, snoozed_until=until, snooze_reason="Attend un local")
    page = officer.open("/equipe?vue=en-pause")
    assert "En pause jusqu’au mardi 1er décembre : Attend un local" in row(page, "Alix Dort")
    assert tabs(page)["À relancer"] == "0"


def test_tabs_and_filters_live_in_the_address_and_go_together(team: Team, officer: Colleague) -> None:
    add(team, "Bo Arras", state=ReferralState.REVIEWED, stage="idee", needs=["financer"], outside_networks=True)
    add(team, "Cy Lens", state=ReferralState.REVIEWED, stage="creation", commune="62498", epci="epci-lens-lievin")
    add(team, "Di Arras")
    page = officer.open("/equipe?vue=a-confier&epci=epci-arras&besoin=financer&hors-reseau=oui&etape=idee&age=semaine")
    assert names(page) == ["Bo Arras"]
    assert tabs(page)["À qualifier"] == "0"
    assert tabs(officer.open("/equipe?vue=a-confier&epci=epci-arras"))["À qualifier"] == "1"
    form = page.form("/equipe")
    assert {"vue": "a-confier", "epci": "epci-arras", "besoin": "financer"}.items() <= dict(form.pairs).items()
    for each in ("q=arras", "q=bo", "conseiller=personne", "origine=import", "label=labellise", "age=plus"):
        found = {"q=arras": 2, "q=bo": 1, "conseiller=personne": 3}.get(each, 0)
        assert len(names(officer.open(f"/equipe?{each}"))) == found, each


def test_an_old_reference_is_found_whatever_its_tab_says_of_it(team: Team, officer: Colleague) -> None:
    closed = {"state": ReferralState.CLOSED, "outcome": Outcome.AUTONOMOUS, "closed_at": team.now()}
    reference = add(team, "Alix Clos", 90, **closed)
    page = officer.open(f"/equipe?vue=clos&q={reference.lower()}")
    assert "Orienté·e et autonome" in row(page, "Alix Clos")
    assert "aujourd’hui" in row(page, "Alix Clos")


def test_a_search_that_finds_nothing_proposes_a_spelling(team: Team, officer: Colleague) -> None:
    add(team, "Camille Imaginaire")
    page = officer.open("/equipe?q=camile+imaginare", 200)
    assert "Vouliez-vous écrire" in page.text
    assert names(officer.open(page.link("camille imaginaire"))) == ["Camille Imaginaire"]
    assert "élargissez" in officer.open("/equipe?q=zzyzx").text


def test_an_adviser_is_not_told_of_people_she_may_not_see(team: Team) -> None:
    add(team, "Camille Imaginaire")
    adviser = team.signed_in(ADVISER, "Noa Conseil")
    assert "imaginaire" not in adviser.open("/equipe?q=imaginare").text.lower().replace("imaginare", "")


def test_since_the_last_visit(team: Team, officer: Colleague) -> None:
    add(team, "Alix Ancien", 3)
    team.later(days=1)
    add(team, "Bo Nouveau")
    with team.database.writing() as session:
        for name, kind in (("Bo Nouveau", LineKind.RECORDED), ("Alix Ancien", LineKind.MESSAGE)):
            kept = session.exec(select(Referral).where(Referral.name == name)).one()
            journal.add_line(session, kept, kind, at=team.now(), author=Author.PERSON, text="Mot", visible=True)
    team.later(minutes=5)
    page = officer.sign_in()
    assert "1 nouvelle demande" in page.text
    assert "1 personne a écrit" in page.text
    assert ". Les voir" in page.soup.main.get_text()  # a blank before the link
    assert sorted(names(officer.open("/equipe?depuis=visite"))) == ["Alix Ancien", "Bo Nouveau"]
    officer.open("/equipe")
    officer.send(officer.form("/equipe/deconnexion"))
    team.later(minutes=5)
    assert "rien de nouveau" in officer.sign_in().text


@pytest.mark.parametrize(
    "query",
    [
        "suite=abc",
        "suite=99999999999999999-0-1-x",
        f"suite=9999999999999999-4-9999999999999999-{'f' * 32}",
        f"suite=1-0-1-{'0' * 32}",
        "vue=nulle-part",
        "epci=x",
        "besoin=x&label=x&age=x&origine=x&hors-reseau=x",
        "conseiller=pas-un-compte",
        "q=%25",
        "q=%00'\"",
        "q=" + "a+" * 60,
        "depuis=hier",
    ],
)
def test_odd_addresses_are_as_good_as_none(team: Team, officer: Colleague, query: str) -> None:
    add(team, "Alix Fictif")
    for path in ("/equipe", "/equipe/comite"):
        assert officer.client.get(f"{path}?{query}").status_code == 200


def test_fifty_dossiers_a_page_and_the_next_ones_after_them_even_when_one_has_moved(
    team: Team, officer: Colleague
) -> None:
    for number in range(53):
        add(team, f"Alix N{number:02}", 2 + number / 1000)
    first = officer.open("/equipe")
    assert len(names(first)) == 50
    with team.database.writing() as session:
        kept = session.exec(select(Referral).where(Referral.name == names(first)[0])).one()
        at = team.now() + timedelta(seconds=1)
        journal.add_line(session, kept, LineKind.NOTE, at=at, author=Author.STAFF, text="Vu")
    team.later(seconds=5)
    second = officer.open(first.link("Page suivante"))
    assert names(second)[:-1] == [f"Alix N{number:02}" for number in (2, 1, 0)]
    assert names(second)[-1] == names(first)[0]
    assert parts(second)[-1].startswith("Changés pendant que vous lisiez")
    assert second.link("Revenir au début") == "/equipe"


def test_the_list_for_the_committee_names_nobody_unless_it_is_asked(team: Team, officer: Colleague) -> None:
    reference = add(team, "Alix Fictif", 9, project_name="Le Potager")
    page = officer.open("/equipe/comite?epci=epci-arras")
    assert reference in page.text
    assert "À lire depuis" in page.text
    assert "Alix" not in page.text
    assert "Potager" not in page.text
    named = officer.open(page.link("Avec les noms"))
    assert "Alix Fictif, Le Potager" in plain(named.soup.get_text(" "))
    assert officer.open(page.link("Dossiers")).soup.select_one("select#epci option[selected]")["value"] == "epci-arras"


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("address", ["/equipe", "/equipe?q=alix", "/equipe?q=zzyzx", "/equipe/comite"])
def test_a_page_asks_the_database_little_however_many_dossiers_it_shows(
    team: Team, officer: Colleague, address: str, knowledge: KnowledgeBase
) -> None:
    engine = team.app.extensions["guide-database"].engine

    def ask() -> int:
        with counted(engine) as asked:
            assert officer.client.get(address).status_code == 200
        return len(asked)

    add(team, "Alix Premier", 9)
    officer.client.get(address)  # who is here is noted twice a minute at most
    few = ask()
    for number in range(60):
        add(team, f"Alix N{number:02}", number, assigned_to=officer.id, state=ReferralState.ASSIGNED)
    many = ask()
    assert many == few <= MOST_QUERIES
