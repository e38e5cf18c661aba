"""Passing on: a dossier, or a whole desk, goes to a colleague where it stands, and the person knows who has it."""

import pytest
from sqlmodel import select

from guide.content.base import KnowledgeBase
from guide.models import JournalLine, OutgoingMail, Referral, TrackingToken
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Body, Origin, Outcome, ReferralState
from guide.secrecy import digest
from tests.web.pages import Page, plain
from tests.web.team import ADVISER, Colleague, Team
from tests.web.test_staff_desk import ask, change, kept, move


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def hand(who: Colleague, address: str, to: Colleague, reason: str = "Elle change de poste", status: int = 200) -> Page:
    who.open(address)
    return who.send(who.form(address).choose("colleague", str(to.id)).write("reason", reason), status)


def handed(team: Team) -> list[JournalLine]:
    with team.database.reading() as session:
        return list(session.exec(select(JournalLine).where(JournalLine.kind == LineKind.HANDED)))


@pytest.mark.parametrize("state", [ReferralState.ASSIGNED, ReferralState.CONTACTED, ReferralState.MET])
def test_a_dossier_changes_hands_where_it_stands(
    team: Team, officer: Colleague, reference: str, state: ReferralState
) -> None:
    noa, swann = team.colleague(ADVISER, "Noa Conseil"), team.colleague(ADVISER, "Swann Conseil")
    change(team, state=state, assigned_to=noa.id, assigned_body=Body.APES)
    since = kept(team, Referral)[0].state_since
    address = f"/equipe/dossiers/{reference}"
    assert officer.open(address).link("Passer à un·e collègue") == f"{address}/passation"
    page = hand(officer, f"{address}/passation", swann)
    assert "Le dossier a changé de mains" in page.text
    [referral] = kept(team, Referral)
    assert (referral.state, referral.state_since) == (state, since)
    assert (referral.assigned_to, referral.assigned_body) == (swann.id, Body.APES)
    [line] = handed(team)
    assert line.text == "De Noa Conseil à Swann Conseil\u00a0: Elle change de poste"
    assert [mail.line_id for mail in kept(team, OutgoingMail) if mail.template is MailTemplate.STATE_CHANGED] == [
        line.id
    ]
    with team.database.writing() as session:
        session.add(TrackingToken(referral_id=referral.id, token_hash=digest("secret"), created_at=team.now()))
    page = team.somebody().open("/suivi/secret")
    assert "Une autre personne de l’équipe suit maintenant votre demande." in page.text
    assert "change de poste" not in page.text


def test_changing_hands_twice_in_a_minute_is_one_mail(team: Team, officer: Colleague, reference: str) -> None:
    noa, swann = team.colleague(ADVISER, "Noa Conseil"), team.colleague(ADVISER, "Swann Conseil")
    change(team, state=ReferralState.MET, assigned_to=noa.id, assigned_body=Body.APES)
    for to in (swann, noa):
        hand(officer, f"/equipe/dossiers/{reference}/passation", to)
    assert len(handed(team)) == 2
    assert len([each for each in kept(team, OutgoingMail) if each.template is MailTemplate.STATE_CHANGED]) == 1


def test_an_adviser_who_gives_a_dossier_to_the_mission_no_longer_sees_it(
    team: Team, officer: Colleague, reference: str
) -> None:
    noa = team.signed_in(ADVISER, "Noa Conseil")
    change(team, state=ReferralState.MET, assigned_to=noa.id, assigned_body=Body.APES)
    hand(noa, f"/equipe/dossiers/{reference}/passation", officer)
    noa.open(f"/equipe/dossiers/{reference}", 404)
    assert kept(team, Referral)[0].assigned_body is Body.MISSION


def test_a_dossier_that_nobody_has_is_given_not_passed_on(team: Team, officer: Colleague, reference: str) -> None:
    page = officer.open(f"/equipe/dossiers/{reference}/passation")
    assert "n’est à personne" in page.text
    assert "Passer à un·e collègue" not in officer.open(f"/equipe/dossiers/{reference}").text


def test_what_somebody_else_did_meanwhile_is_shown_and_what_was_typed_stays(
    team: Team, officer: Colleague, reference: str
) -> None:
    noa, address = team.colleague(ADVISER, "Noa Conseil"), f"/equipe/dossiers/{reference}/passation"
    change(team, state=ReferralState.ASSIGNED, assigned_to=officer.id, assigned_body=Body.MISSION)
    officer.open(address)
    form = officer.form(address).choose("colleague", str(noa.id)).write("reason", "Ma raison à moi")
    move(team.signed_in(name="Alix Agent"), reference, "contacted")
    page = officer.send(form, 409)
    assert "Pendant ce temps" in page.text
    assert page.form(address).written("reason") == "Ma raison à moi"
    assert handed(team) == []
    officer.send(page.form(address))
    assert kept(team, Referral)[0].assigned_to == noa.id


@pytest.mark.parametrize("where", ["dossier", "desk"])
def test_nobody_no_reason_and_an_endless_one_are_refused(
    team: Team, officer: Colleague, reference: str, where: str
) -> None:
    noa = team.colleague(ADVISER, "Noa Conseil")
    change(team, state=ReferralState.MET, assigned_to=noa.id, assigned_body=Body.APES)
    address = f"/equipe/dossiers/{reference}/passation" if where == "dossier" else f"/equipe/agents/{noa.id}/passation"
    officer.open(address)
    page = officer.send(officer.form(address), 422)
    assert "Choisissez à qui" in plain(page.summary.get_text())
    assert "Dites pourquoi" in plain(page.summary.get_text())
    page = officer.send(page.form(address).choose("colleague", str(officer.id)).write("reason", "a" * 201), 422)
    assert "trop long" in plain(page.summary.get_text())
    pairs = {**dict(page.form(address).pairs), "colleague": str(noa.id), "reason": "Pour voir"}  # she has it already
    assert officer.client.post(address, data=pairs).status_code == 422
    assert handed(team) == []


def test_a_whole_desk_changes_hands_at_once_and_only_those_spoken_to_are_told(
    team: Team, officer: Colleague, knowledge: KnowledgeBase
) -> None:
    noa, swann = team.colleague(ADVISER, "Noa Conseil"), team.colleague(ADVISER, "Swann Conseil")
    asked = [ask(team, knowledge, key=f"clé {n}", name=f"Fictif {n}", email=f"f{n}@exemple.fr") for n in range(4)]
    with team.database.writing() as session:
        for referral in session.exec(select(Referral)):
            referral.assigned_to, referral.assigned_body, referral.state = noa.id, Body.APES, ReferralState.MET
            if referral.reference == asked[1]:
                referral.origin = Origin.IMPORT
            if referral.reference == asked[2]:
                referral.assigned_to = swann.id
            if referral.reference == asked[3]:
                referral.state, referral.outcome, referral.closed_at = ReferralState.CLOSED, Outcome.CHANGED, team.now()
    officer.open("/equipe/agents")
    page = officer.confirm()
    assert "Passer ses 2 dossiers ouverts" in plain(page.soup.get_text())
    page = hand(officer, f"/equipe/agents/{noa.id}/passation", swann, "Départ")
    assert "n’a aucun dossier ouvert" in plain(page.soup.get_text())
    held = {each.reference: (each.assigned_to, each.state) for each in kept(team, Referral)}
    met = ReferralState.MET
    assert [held[key] for key in asked[:3]] == [(swann.id, met)] * 3
    assert held[asked[3]] == (noa.id, ReferralState.CLOSED)
    assert sorted((line.text, line.visible) for line in handed(team)) == [
        ("De Noa Conseil à Swann Conseil\u00a0: Départ", False),
        ("De Noa Conseil à Swann Conseil\u00a0: Départ", True),
    ]
    told = [each for each in kept(team, OutgoingMail) if each.template is MailTemplate.STATE_CHANGED]
    assert len(told) == 1
