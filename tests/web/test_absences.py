"""Absences: said by oneself or by an officer; new dossiers go to the colleague, and the screen says it first."""

from datetime import date

import pytest

from guide.content.base import KnowledgeBase
from guide.models import Absence, JournalLine, Referral
from guide.models.journal import LineKind
from tests.web.pages import Page, plain
from tests.web.team import ADVISER, READER, Colleague, Team
from tests.web.test_handing import hand
from tests.web.test_staff_desk import ask, kept, move


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


def away(
    who: Colleague, absent: Colleague, days: tuple[str, str], to: Colleague | None = None, status: int = 200
) -> Page:
    address = f"/equipe/agents/{absent.id}/absences"
    who.open(address)
    form = who.form(address).write("first", days[0]).write("last", days[1])
    return who.send(form.choose("colleague", str(to.id)) if to else form, status)


def test_a_new_dossier_goes_to_the_colleague_which_the_page_says_before(team: Team, reference: str) -> None:
    officer, noa = team.signed_in(), team.signed_in(ADVISER, "Noa Conseil")
    swann = team.colleague(ADVISER, "Swann Conseil")
    assert noa.open("/equipe/mon-compte").link("Voir mes absences") == f"/equipe/agents/{noa.id}/absences"
    assert "L’absence est notée" in away(noa, noa, ("24/11/2026", "4/12/2026"), swann).text
    desk = plain(officer.open("/equipe").soup.get_text(" "))
    assert "Noa Conseil est en congé jusqu’au vendredi 4 décembre : les nouveaux dossiers vont à Swann Conseil" in desk
    move(officer, reference, "reviewed")
    page = officer.open(f"/equipe/dossiers/{reference}")
    assert "en congé jusqu’au vendredi 4 décembre : le dossier ira à Swann Conseil" in plain(page.soup.get_text(" "))
    move(officer, reference, "assigned", assignee=str(noa.id))
    assert kept(team, Referral)[0].assigned_to == swann.id
    [line] = [each for each in kept(team, JournalLine) if each.kind is LineKind.ROUTED]
    assert "Noa Conseil est en congé" in line.text
    assert not line.visible
    hand(officer, f"/equipe/dossiers/{reference}/passation", noa)  # her stand-in is who gives it: it stays with her
    assert kept(team, Referral)[0].assigned_to == noa.id


@pytest.mark.parametrize(("first", "covered"), [("25/11/2026", True), ("24/11/2026", False)])
def test_outside_these_days_or_without_a_colleague_a_dossier_stays_hers(
    team: Team, reference: str, first: str, covered: bool
) -> None:
    officer, noa = team.signed_in(), team.colleague(ADVISER, "Noa Conseil")
    swann = team.colleague(ADVISER, "Swann Conseil")
    away(officer, noa, (first, "4/12/2026"), swann if covered else None)
    move(officer, reference, "reviewed")
    move(officer, reference, "assigned", assignee=str(noa.id))
    assert kept(team, Referral)[0].assigned_to == noa.id


def test_an_absence_is_taken_back_and_two_never_cover_one_day(team: Team) -> None:
    noa = team.signed_in(ADVISER, "Noa Conseil")
    away(noa, noa, ("1/12/2026", "4/12/2026"))
    page = away(noa, noa, ("4/12/2026", "8/12/2026"), status=422)
    assert "couvre déjà" in plain(page.summary.get_text())
    assert page.form(f"/equipe/agents/{noa.id}/absences").written("last") == "8/12/2026"
    [absence] = kept(team, Absence)
    assert (absence.first_day, absence.last_day) == (date(2026, 12, 1), date(2026, 12, 4))
    noa.send(noa.form(f"/equipe/absences/{absence.id}/fin"))
    assert kept(team, Absence) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("4/12/2026", "1/12/2026"), "avant le premier"),
        (("demain", "1/12/2026"), "comme 01/12/2026"),
        (("31/11/2026", "1/12/2026"), "n’existe pas"),
        (("1/12/2026", ""), "comme 01/12/2026"),
    ],
)
def test_impossible_days_are_refused(team: Team, typed: tuple[str, str], said: str) -> None:
    noa = team.signed_in(ADVISER, "Noa Conseil")
    assert said in plain(away(noa, noa, typed, status=422).summary.get_text())
    assert kept(team, Absence) == []


def test_nobody_but_an_officer_speaks_for_a_colleague(team: Team) -> None:
    noa, swann = team.signed_in(ADVISER, "Noa Conseil"), team.signed_in(ADVISER, "Swann Conseil")
    away(noa, noa, ("1/12/2026", "4/12/2026"))
    swann.open(f"/equipe/agents/{noa.id}/absences", 404)
    token = dict(swann.open("/equipe/mon-compte").form("/equipe/deconnexion").pairs)["csrf_token"]
    [absence] = kept(team, Absence)
    sent = swann.client.post(f"/equipe/absences/{absence.id}/fin", data={"csrf_token": token})
    assert sent.status_code == 404
    assert len(kept(team, Absence)) == 1
    lou = team.signed_in(READER, "Lou Lecteur")
    assert lou.client.get(f"/equipe/agents/{lou.id}/absences").status_code == 403
