"""Introductions: proposed with reasons or freely, answered along the table, a no always followed by something."""

from typing import Any

import pytest

from guide.content.base import KnowledgeBase
from guide.models import Introduction, JournalLine, OutgoingMail, Referral
from guide.models.introduction import INTRODUCTION_MOVES, IntroductionChannel, IntroductionState, NextStep
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.store import minting
from tests.web.pages import Form, Page, plain
from tests.web.team import READER, Colleague, Team
from tests.web.test_staff_desk import ask, kept, move

S = IntroductionState


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def folder(reference: str) -> str:
    return f"/equipe/dossiers/{reference}/mises-en-relation"


def proposing(officer: Colleague, reference: str, *doors: str, other: str = "") -> Form:
    officer.open(folder(reference))
    form = officer.form(folder(reference)).tick("doors", *doors)
    return form.choose("other", other) if other else form


def propose(officer: Colleague, reference: str, *doors: str, status: int = 200, **more: str) -> Page:
    return officer.send(proposing(officer, reference, *doors, **more), status)


def found(team: Team, entry: str) -> Introduction:
    return next(each for each in reversed(kept(team, Introduction)) if each.entry == entry)


def answering(officer: Colleague, team: Team, reference: str, entry: str, to: str) -> Form:
    address = f"{folder(reference)}/{found(team, entry).id}"
    officer.open(f"{address}?vers={to}")
    return officer.form(address)


def answer(officer: Colleague, team: Team, reference: str, entry: str, to: str) -> Page:
    form = answering(officer, team, reference, entry, to)
    if any(control.name == "agreed" for control in form.controls) and to == "sent":
        form.tick("agreed", "1")
    return officer.send(form)


def refuse(officer: Colleague, team: Team, reference: str, entry: str, *instead: str, other: str = "") -> Page:
    form = answering(officer, team, reference, entry, "declined").tick("reasons", "territory")
    form.tick("next_step", "reorient").tick("doors", *instead)
    return officer.send(form.choose("other", other) if other else form)


def tracking_link(team: Team, reference: str) -> str:
    with team.database.writing() as session:
        referral = next(each for each in kept(team, Referral) if each.reference == reference)
        token = minting.mint_tracking_token(session, referral, now=team.now())
    return f"/suivi/{token}"


def tracking_page(team: Team, reference: str) -> Page:
    return team.somebody().open(tracking_link(team, reference))


def test_doors_come_from_the_orientation_with_its_reasons_the_ones_the_person_chose_first(
    officer: Colleague, reference: str
) -> None:
    page = officer.open(folder(reference))
    offered = page.form(folder(reference)).offers("doors")
    assert offered[0] == "apes"
    assert "choisie par la personne" in page.text
    assert "pas-de-calais-actif" in offered
    assert "Vous cherchez de l’argent" in page.text
    assert "Un café associatif" in page.text


def test_a_proposal_is_kept_told_and_mailed_a_minute_later(team: Team, officer: Colleague, reference: str) -> None:
    page = propose(officer, reference, "pas-de-calais-actif")
    introduction = found(team, "pas-de-calais-actif")
    assert (introduction.state, introduction.channel) == (S.PROPOSED, IntroductionChannel.SELF)
    assert introduction.because is not None
    assert introduction.agreed_at is None
    assert "la personne le lit" in page.text
    [mail] = [each for each in kept(team, OutgoingMail) if each.template is MailTemplate.STAFF_WROTE]
    assert (mail.due_at - mail.created_at).total_seconds() == 60
    [line] = [each for each in kept(team, JournalLine) if each.kind is LineKind.MESSAGE]
    assert "Pourquoi" in plain(line.text)
    assert "Comment s’y prendre" in plain(line.text)
    shown = tracking_page(team, reference)
    assert "Pas-de-Calais Actif" in shown.text
    assert plain(introduction.because) in shown.text


def test_any_entry_may_be_chosen_freely_with_ones_own_reason(team: Team, officer: Colleague, reference: str) -> None:
    form = proposing(officer, reference, other="galilee").write("other_because", "Elle connaît bien votre canton.")
    officer.send(form)
    assert found(team, "galilee").because == "Elle connaît bien votre canton."


def test_nothing_is_passed_on_without_the_agreement_of_the_person(
    team: Team, officer: Colleague, reference: str
) -> None:
    form = proposing(officer, reference, "pas-de-calais-actif").tick("channel", "relayed")
    refused = officer.send(form, 422)
    assert "#agreed" in {str(link["href"]) for link in refused.summary.find_all("a")}
    again = refused.form(folder(reference))
    assert again.ticked("doors") == ["pas-de-calais-actif"]
    officer.send(again.tick("agreed", "1"))
    introduction = found(team, "pas-de-calais-actif")
    assert introduction.channel is IntroductionChannel.RELAYED
    assert introduction.agreement_version == "oral-2026-11"


def test_a_door_that_the_person_chose_needs_no_second_agreement(team: Team, officer: Colleague, reference: str) -> None:
    form = proposing(officer, reference, "apes").tick("channel", "relayed")
    officer.send(form)
    [introduction] = kept(team, Introduction)
    assert (introduction.channel, introduction.agreement_version) == (IntroductionChannel.RELAYED, "2026-11")


@pytest.mark.parametrize("field", ["doors", "word"])
def test_a_proposal_without_a_door_or_without_a_word_is_refused(officer: Colleague, reference: str, field: str) -> None:
    form = proposing(officer, reference, *(["pas-de-calais-actif"] if field == "word" else []))
    if field == "word":
        form.write("word", "")
    refused = officer.send(form, 422)
    assert f"#{field}" in {str(link["href"]) for link in refused.summary.find_all("a")}


def test_the_table_draws_the_ways_and_each_has_its_words(team: Team, officer: Colleague, reference: str) -> None:
    propose(officer, reference, "pas-de-calais-actif")
    address = f"{folder(reference)}/{found(team, 'pas-de-calais-actif').id}"
    page = officer.open(address)
    ways = [str(tag["href"]).split("vers=")[1] for tag in page.soup.select(".tabs a")]
    assert ways == [each.value for each in INTRODUCTION_MOVES[S.PROPOSED]]
    for way in ways:
        shown = officer.open(f"{address}?vers={way}")
        assert "Bonjour Alix Fictif" in shown.form(address).written("word"), way


def test_a_way_that_the_table_does_not_hold_names_both_states(team: Team, officer: Colleague, reference: str) -> None:
    propose(officer, reference, "pas-de-calais-actif")
    form = answering(officer, team, reference, "pas-de-calais-actif", "accepted")
    form.named("to")[0].value = "waitlisted"
    page = officer.send(form, 409)
    said = plain(page.soup.select_one("[role=alert]").get_text())
    assert "Proposée" in said
    assert "En liste d’attente" in said
    assert found(team, "pas-de-calais-actif").state is S.PROPOSED


def test_a_refusal_needs_a_reason_a_word_and_a_next_step(team: Team, officer: Colleague, reference: str) -> None:
    propose(officer, reference, "apes")
    answer(officer, team, reference, "apes", "sent")
    form = answering(officer, team, reference, "apes", "declined").write("word", "")
    refused = officer.send(form, 422)
    assert {"#reasons", "#next_step", "#word"} <= {str(link["href"]) for link in refused.summary.find_all("a")}
    wrong = refused.form(form.action).write("word", "Désolée").tick("reasons", "wrong_door").tick("next_step", "call")
    refused = officer.send(wrong, 422)
    assert {"#right_entry", "#next_on"} == {str(link["href"]) for link in refused.summary.find_all("a")}
    for day, said in (("31/02/2027", "n’existe pas"), ("hier", "Écrivez le jour"), ("01/01/2020", "à venir")):
        refused = officer.send(refused.form(form.action).write("next_on", day).choose("right_entry", "galilee"), 422)
        assert said in refused.text, day
    officer.send(refused.form(form.action).write("next_on", "01/12/2026"))
    introduction = found(team, "apes")
    assert (introduction.state, introduction.next_step, introduction.right_entry) == (
        S.DECLINED,
        NextStep.CALL,
        "galilee",
    )


def test_a_re_orientation_is_one_gesture_and_the_chain_stays_visible(
    team: Team, officer: Colleague, reference: str
) -> None:
    propose(officer, reference, "apes")
    answer(officer, team, reference, "apes", "sent")
    refuse(officer, team, reference, "apes", "pas-de-calais-actif")
    answer(officer, team, reference, "pas-de-calais-actif", "sent")
    page = refuse(officer, team, reference, "pas-de-calais-actif", other="galilee")
    links = [found(team, entry) for entry in ("apes", "pas-de-calais-actif", "galilee")]
    assert [each.state for each in links] == [S.DECLINED, S.DECLINED, S.PROPOSED]
    assert [each.after_id for each in links] == [None, links[0].id, links[1].id]
    for shown in (page, tracking_page(team, reference)):
        names = [plain(tag.get_text()) for tag in shown.soup.select(".chain strong")]
        assert [name.split(" ")[0] for name in names] == ["APES", "Pas-de-Calais", "Galilée"]
        assert "À la place de Pas-de-Calais Actif" in shown.text
        assert "hors territoire" in shown.text


def test_progress_is_computed_from_the_introductions(team: Team, officer: Colleague, reference: str) -> None:
    def progress() -> str:
        shown = officer.open(f"/equipe/dossiers/{reference}").soup.select_one("#mises-en-relation + p .state")
        return plain(shown.get_text())

    assert progress() == "Structure proposée"
    for state, said in (
        ("sent", "En attente d’une structure"),
        ("accepted", "En route avec une structure"),
        ("met", "En route avec une structure"),
        ("done", "Aboutie"),
    ):
        answer(officer, team, reference, "apes", state)
        assert progress() == said


def test_the_same_door_is_not_proposed_twice_at_once(team: Team, officer: Colleague, reference: str) -> None:
    propose(officer, reference, "pas-de-calais-actif")
    page = propose(officer, reference, other="pas-de-calais-actif", status=409)
    assert "déjà proposé" in page.text
    assert [each.entry for each in kept(team, Introduction)] == ["apes", "pas-de-calais-actif"]


def test_two_people_on_one_dossier_the_second_sees_what_changed_and_keeps_the_text(
    team: Team, officer: Colleague, reference: str
) -> None:
    colleague = team.signed_in(name="Dominique Petit")
    late = proposing(colleague, reference, "pas-de-calais-actif").write("word", "Mes mots")
    propose(officer, reference, other="galilee")
    page = colleague.send(late, 409)
    assert "Quelqu’un a changé ce dossier" in page.text
    assert "Galilée : nous vous proposons d’appeler." in plain(page.soup.select_one("[role=alert]").get_text())
    again = page.form(folder(reference))
    assert again.written("word") == "Mes mots"
    assert again.ticked("doors") == ["pas-de-calais-actif"]
    colleague.send(again)
    assert found(team, "pas-de-calais-actif")


def test_a_closed_dossier_says_to_open_it_first(team: Team, officer: Colleague, reference: str) -> None:
    late = proposing(officer, reference, "pas-de-calais-actif")
    move(officer, reference, "closed", outcome="autonomous", word="Bonne route")
    officer.send(late, 409)
    page = propose(officer, reference, "pas-de-calais-actif", status=409)
    assert "Ce dossier est clos" in page.text
    assert "rouvrez-le" in officer.open(f"{folder(reference)}/{found(team, 'apes').id}").text


def test_a_form_with_forged_values_is_refused(team: Team, officer: Colleague, reference: str) -> None:
    def forge(**values: str) -> int:
        form = proposing(officer, reference, "pas-de-calais-actif")
        pairs = [pair for pair in form.pairs if pair[0] not in values] + list(values.items())
        return officer.client.post(form.action, data=_many(pairs)).status_code

    assert forge(doors="nulle-part") == 422
    assert forge(other="nulle-part") == 422
    assert forge(channel="link") == 422
    assert forge(version="99999999999999") == 409
    assert forge(version="-1") == 409
    assert forge(other_because="a" * 500) == 422
    assert [each.entry for each in kept(team, Introduction)] == ["apes"]


def _many(pairs: list[tuple[str, str]]) -> Any:
    from werkzeug.datastructures import MultiDict  # noqa: PLC0415

    return MultiDict(pairs)


def test_an_introduction_of_another_dossier_is_nowhere(
    team: Team, officer: Colleague, reference: str, knowledge: KnowledgeBase
) -> None:
    other = ask(team, knowledge, "autre", name="Bo Inventé", email="bo@exemple.fr")
    theirs = kept(team, Introduction)[-1]
    assert officer.client.get(f"{folder(other)}/{theirs.id}").status_code == 200
    assert officer.client.get(f"{folder(reference)}/{theirs.id}").status_code == 404


def test_a_reader_sees_the_chain_and_cannot_touch_it(team: Team, reference: str) -> None:
    reader = team.signed_in(READER, name="Sacha Lecteur")
    page = reader.open(f"/equipe/dossiers/{reference}")
    assert page.soup.select(".chain li")
    assert not [href for href in page.links().values() if "mises-en-relation" in href]
