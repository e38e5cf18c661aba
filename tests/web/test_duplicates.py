"""Duplicates: seen on the desk and on a dossier, closed with a link that both pages show, never of the forgotten."""

import pytest
from sqlmodel import select

from guide.content.base import KnowledgeBase
from guide.models import JournalLine, Referral
from guide.models.journal import LineKind
from guide.models.referral import Body, Outcome, ReferralState
from guide.privacy import anonymise
from tests.web.pages import Page, plain
from tests.web.team import ADVISER, Colleague, Team
from tests.web.test_staff_desk import ask

MARK = "Peut-être un doublon"


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


@pytest.fixture
def first(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge, "un", email="alix@exemple.fr", phone="+33612345678")


@pytest.fixture
def second(team: Team, knowledge: KnowledgeBase, first: str) -> str:
    assert first
    return ask(team, knowledge, "deux", name="A. Fictif", email="alix@exemple.fr", words="Autre chose")


def find(team: Team, reference: str) -> Referral:
    with team.database.reading() as session:
        return session.exec(select(Referral).where(Referral.reference == reference)).one()


def change(team: Team, reference: str, **values: object) -> None:
    with team.database.writing() as session:
        referral = session.exec(select(Referral).where(Referral.reference == reference)).one()
        for name, value in values.items():
            setattr(referral, name, value)


def close(
    officer: Colleague,
    reference: str,
    status: int = 200,
    *,
    chosen: str = "",
    typed: str = "",
) -> Page:
    address = f"/equipe/dossiers/{reference}/cloture"
    officer.open(address)
    form = officer.form(address).choose("outcome", "duplicate").write("word", "Nous suivons votre autre demande.")
    if chosen:
        form.tick("duplicate_of", chosen)
    return officer.send(form.write("other_reference", typed), status)


def flagged(page: Page) -> str:
    section = page.soup.select_one("section[aria-labelledby=doublons]")
    return plain(section.get_text(" ")) if section else ""


def test_the_same_mail_is_flagged_on_the_dossier_and_marked_on_the_desk(
    officer: Colleague,
    first: str,
    second: str,
) -> None:
    said = flagged(officer.visit(f"/equipe/dossiers/{second}"))
    assert first in said
    assert "le même courriel" in said
    rows = officer.visit("/equipe").soup.select("table.dossiers tbody tr")
    assert [MARK in plain(row.get_text(" ")) for row in rows] == [True, True]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"phone": "+33612345678"}, "le même téléphone"),
        ({"email": "alix@exemple.fr", "phone": "+33612345678"}, "le même courriel et le même téléphone"),
        ({"name": "Fictif  ALIXE"}, "un nom proche et la même commune"),
        ({"name": "Fictif Alixe", "commune": "62193"}, ""),
        ({"name": "Dominique Autre"}, ""),
    ],
)
def test_what_looks_alike_is_said_with_its_reason(
    team: Team,
    knowledge: KnowledgeBase,
    said: dict[str, str],
    why: str,
) -> None:
    first = ask(team, knowledge, "un", email="alix@exemple.fr", phone="+33612345678")
    other = ask(team, knowledge, "autre", **{"name": "Sacha Inventé", "email": "sacha@exemple.fr", **said})
    shown = flagged(team.signed_in().visit(f"/equipe/dossiers/{other}"))
    assert (f"Alix Fictif : {why}." in shown and first in shown) if why else shown == ""


def test_a_forgotten_person_and_a_dossier_of_other_hands_are_never_shown(
    team: Team,
    officer: Colleague,
    first: str,
    second: str,
) -> None:
    adviser = team.signed_in(ADVISER, name="Dominique Petit")
    change(team, second, assigned_body=Body.APES)
    assert flagged(adviser.open(f"/equipe/dossiers/{second}")) == ""
    assert MARK not in adviser.open("/equipe").text
    with team.database.writing() as session:
        anonymise(session, session.exec(select(Referral).where(Referral.reference == first)).one(), at=team.now())
    assert flagged(officer.open(f"/equipe/dossiers/{second}")) == ""
    assert MARK not in officer.open("/equipe").text


@pytest.mark.parametrize("way", ["chosen", "typed"])
def test_a_duplicate_is_closed_with_a_link_that_both_pages_show(
    team: Team,
    officer: Colleague,
    first: str,
    second: str,
    way: str,
) -> None:
    given = {"chosen": first} if way == "chosen" else {"typed": f" {first.lower()} "}
    page = close(officer, second, **given)
    assert f"Fermé comme doublon de {first}" in plain(page.text)
    closed = find(team, second)
    assert (closed.state, closed.outcome, closed.duplicate_of_id) == (
        ReferralState.CLOSED,
        Outcome.DUPLICATE,
        find(team, first).id,
    )
    for here, there in ((first, second), (second, first)):
        shown = officer.visit(f"/equipe/dossiers/{here}")
        journal = shown.soup.select_one(f"section[aria-labelledby=journal-{there}] details")
        assert journal is not None
        assert "Demande reçue" in journal.get_text()
        assert flagged(shown) == ""
        assert there in shown.links()
    assert MARK not in officer.open("/equipe").text


def test_reading_one_dossier_of_a_pair_is_written_in_both_journals(
    team: Team,
    officer: Colleague,
    first: str,
    second: str,
) -> None:
    close(officer, second, chosen=first)
    team.later(hours=2)
    officer.sign_in()
    officer.open(f"/equipe/dossiers/{second}")
    with team.database.reading() as session:
        lines = session.exec(select(JournalLine).where(JournalLine.kind == LineKind.READ)).all()
    assert {line.referral_id for line in lines} == {find(team, first).id, find(team, second).id}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "dites quel dossier continue"),
        ("ESS-ZZZZZZ", "Aucun dossier n’a cette référence"),
        ("é' OR 1=1 --", "Aucun dossier n’a cette référence"),
        ("x" * 5000, "Aucun dossier n’a cette référence"),
        ("itself", "celle de l’autre"),
    ],
)
def test_a_reference_that_cannot_be_linked_is_explained_and_nothing_is_lost(
    team: Team,
    officer: Colleague,
    second: str,
    typed: str,
    said: str,
) -> None:
    page = close(officer, second, 422, typed=second if typed == "itself" else typed)
    assert said in page.summary.get_text()
    form = page.form(f"/equipe/dossiers/{second}/cloture")
    assert form.written("word") == "Nous suivons votre autre demande."
    assert find(team, second).state is ReferralState.RECEIVED


def test_no_ring_of_duplicates(team: Team, officer: Colleague, first: str, second: str) -> None:
    close(officer, second, chosen=first)
    page = close(officer, first, 422, typed=second)
    assert "déjà fermé comme doublon" in page.summary.get_text()
    assert find(team, first).state is ReferralState.RECEIVED


def test_opening_it_again_undoes_the_link(team: Team, officer: Colleague, first: str, second: str) -> None:
    close(officer, second, chosen=first)
    officer.open(f"/equipe/dossiers/{second}")
    officer.send(officer.form(f"/equipe/dossiers/{second}/etat").tick("to", "reviewed"))
    assert find(team, second).duplicate_of_id is None


@pytest.mark.parametrize("forgotten", ["first", "second"])
def test_forgetting_either_undoes_the_link(
    team: Team,
    officer: Colleague,
    first: str,
    second: str,
    forgotten: str,
) -> None:
    close(officer, second, chosen=first)
    reference = {"first": first, "second": second}[forgotten]
    with team.database.writing() as session:
        anonymise(session, session.exec(select(Referral).where(Referral.reference == reference)).one(), at=team.now())
    with team.database.reading() as session:
        assert [each.duplicate_of_id for each in session.exec(select(Referral)).all()] == [None, None]
    left = second if forgotten == "first" else first
    assert reference not in officer.visit(f"/equipe/dossiers/{left}").text
