"""What the team writes of somebody is hers to download, and goes with the rest when she is forgotten."""

import json

import pytest

from guide import privacy
from guide.content.base import KnowledgeBase
from guide.models import Appointment, ContactAttempt, Diagnosis, Introduction, JournalLine, ReferenceCase, Referral
from guide.models.introduction import IntroductionState
from guide.store import referrals
from tests.web.team import Colleague, Team
from tests.web.test_introductions import answer, folder, propose, refuse
from tests.web.test_staff_desk import ask, kept

SECRETS = ("Répondeur-secret", "Mairie-secrète", "Constat-secret", "Parce-que-secret")


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


@pytest.fixture
def lived(team: Team, reference: str) -> Colleague:
    """An officer who has done everything that can be done from a dossier."""
    officer, address = team.signed_in(), f"/equipe/dossiers/{reference}"
    officer.open(f"{address}/contact")
    officer.send(officer.form(f"{address}/contact").tick("reached", "non").write("note", SECRETS[0]))
    officer.open(f"{address}/rendez-vous")
    slot = officer.form(f"{address}/rendez-vous").write("day", "01/12/2026").write("hour", "10 h")
    officer.send(slot.tick("mode", "on_site").write("place", SECRETS[1]))
    officer.open(f"{address}/pre-diagnostic")
    officer.send(officer.form(f"{address}/pre-diagnostic").write("findings", SECRETS[2]))
    officer.open(folder(reference))
    free = officer.form(folder(reference)).choose("other", "galilee").write("other_because", SECRETS[3])
    officer.send(free)
    propose(officer, reference, "pas-de-calais-actif")
    answer(officer, team, reference, "apes", "sent")
    refuse(officer, team, reference, "apes", other="adie")
    page = officer.open(address)
    officer.send(page.forms(f"{address}/orientation")[0])
    return officer


def test_she_downloads_everything_that_was_written_of_her(team: Team, lived: Colleague) -> None:
    [referral] = kept(team, Referral)
    with team.database.writing() as session:
        copy = json.dumps(privacy.export(session, referral.id, at=team.now()), ensure_ascii=False)
    for secret in (*SECRETS, "Hors territoire", "points d'attention"):
        assert secret in copy


def test_once_forgotten_only_figures_stay(team: Team, lived: Colleague) -> None:
    [referral] = kept(team, Referral)
    with team.database.writing() as session:
        privacy.anonymise(session, referrals.lock_referral(session, referral.id), at=team.now())
    for table in (Appointment, ContactAttempt, Diagnosis, JournalLine, ReferenceCase):
        assert kept(team, table) == []
    left = str([row.model_dump() for table in (Referral, Introduction) for row in kept(team, table)])
    for secret in (*SECRETS, "Alix"):
        assert secret not in left
    declined = next(each for each in kept(team, Introduction) if each.entry == "apes")
    assert (declined.state, declined.reasons, declined.because) == (IntroductionState.DECLINED, ["territory"], None)
    assert {each.proposed_at.day for each in kept(team, Introduction)} <= {31, 1}  # midnight in Paris, the 1st


def test_a_session_that_ends_gives_back_the_doors_that_were_chosen(team: Team, reference: str) -> None:
    officer = team.signed_in()
    officer.open(folder(reference))
    form = officer.form(folder(reference)).tick("doors", "pas-de-calais-actif").write("word", "Mes mots à moi")
    team.later(minutes=31)
    officer.send(form, 403)
    officer.send(officer.form("/equipe/connexion").write("email", officer.email).write("password", officer.password))
    page = officer.give_code()
    assert page.form(folder(reference)).written("word") == "Mes mots à moi"
    officer.send(page.form(folder(reference)))
    assert "pas-de-calais-actif" in {each.entry for each in kept(team, Introduction)}
