"""The pre-diagnosis: drafted from the answers, kept version after version, given to the person on one page."""

import pytest

from guide.content.base import KnowledgeBase
from guide.models import Diagnosis, JournalLine, OutgoingMail
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.orientation import propose
from guide.profile import Profile
from guide.sketching import sketch
from tests.web.pages import Form, Page, plain
from tests.web.team import READER, Colleague, Team
from tests.web.test_introductions import tracking_link, tracking_page
from tests.web.test_staff_desk import ask, kept, move

PARTS = ("findings", "needs", "interest", "attention")


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def address(reference: str) -> str:
    return f"/equipe/dossiers/{reference}/pre-diagnostic"


def writing(officer: Colleague, reference: str, **texts: str) -> Form:
    officer.open(address(reference))
    form = officer.form(address(reference))
    for name, text in texts.items():
        form.write(name, text)
    return form


def write(officer: Colleague, reference: str, *, share: bool = False, **texts: str) -> Page:
    form = writing(officer, reference, **texts)
    return officer.send(form.press("Enregistrer et le donner à la personne") if share else form)


def versions(team: Team) -> list[Diagnosis]:
    return sorted(kept(team, Diagnosis), key=lambda each: each.number)


def test_the_draft_begins_with_her_words_and_comes_from_her_answers(officer: Colleague, reference: str) -> None:
    form = writing(officer, reference)
    findings, needs, interest, attention = (plain(form.written(name)) for name in PARTS)
    assert findings.startswith("Vous écrivez : « Un café associatif »")
    assert "Vous avez une idée." in findings
    assert "Hesdin" in findings
    assert needs.startswith("– Trouver de l’argent pour démarrer")
    assert interest.startswith("– ")
    assert attention.startswith("– ")


def test_the_draft_of_who_said_nothing_is_empty_and_still_a_page(knowledge: KnowledgeBase, team: Team) -> None:
    texts = sketch(propose(Profile(), knowledge, team.now().date()), None, knowledge)
    assert (texts.findings, texts.needs) == ("", "")


def test_every_version_is_kept_and_the_same_text_once(team: Team, officer: Colleague, reference: str) -> None:
    write(officer, reference, findings="Première vue")
    write(officer, reference)
    write(officer, reference, findings="Après la rencontre")
    assert [(each.number, each.findings) for each in versions(team)] == [
        (1, "Première vue"),
        (2, "Après la rencontre"),
    ]
    page = officer.open(f"{address(reference)}/1")
    assert "Première vue" in page.text
    assert "version 1" in page.text
    assert [line.kind for line in kept(team, JournalLine)].count(LineKind.DIAGNOSED) == 2


def test_the_person_reads_it_once_it_is_given_and_only_then(team: Team, officer: Colleague, reference: str) -> None:
    write(officer, reference, findings="Pour nous seuls")
    link = tracking_link(team, reference)
    assert team.somebody().client.get(f"{link}/pre-diagnostic").status_code == 404
    assert "pré-diagnostic" not in tracking_page(team, reference).text
    write(officer, reference, share=True, findings="Vous avez une belle équipe")
    assert "Lire votre pré-diagnostic" in tracking_page(team, reference).text
    page = team.somebody().open(f"{link}/pre-diagnostic")
    assert "Vous avez une belle équipe" in page.text
    assert "écrit par Camille" in page.text
    write(officer, reference, findings="Une note plus récente, pas encore donnée")
    assert "belle équipe" in team.somebody().open(f"{link}/pre-diagnostic").text
    assert [mail.template for mail in kept(team, OutgoingMail)].count(MailTemplate.STAFF_WROTE) == 1


def test_two_people_write_at_once_the_second_sees_the_other_version_and_keeps_her_text(
    team: Team, officer: Colleague, reference: str
) -> None:
    colleague = team.signed_in(name="Dominique Petit")
    late = writing(colleague, reference, findings="Ma vue")
    write(officer, reference, findings="Celle de Camille")
    page = colleague.send(late, 409)
    assert "Quelqu’un a changé ce dossier" in page.text
    assert page.link("la lire").endswith("/pre-diagnostic/1")
    again = page.form(address(reference))
    assert again.written("findings") == "Ma vue"
    colleague.send(again)
    assert [each.findings for each in versions(team)] == ["Celle de Camille", "Ma vue"]


def test_nothing_at_all_or_too_much_is_refused_and_kept(team: Team, officer: Colleague, reference: str) -> None:
    page = officer.send(writing(officer, reference, **dict.fromkeys(PARTS, "")), 422)
    assert "au moins une" in plain(page.summary.get_text())
    page = officer.send(writing(officer, reference, attention="a" * 4001), 422)
    assert page.form(address(reference)).written("attention") == "a" * 4001
    assert versions(team) == []


def test_a_version_that_is_not_there_is_nowhere(officer: Colleague, reference: str) -> None:
    for number in ("1", "99999999999999999999", "-1", "x"):
        assert officer.client.get(f"{address(reference)}/{number}").status_code == 404


def test_a_closed_dossier_is_not_written_in(team: Team, officer: Colleague, reference: str) -> None:
    late = writing(officer, reference, findings="Trop tard")
    move(officer, reference, "closed", outcome="abandoned", word="Bonne suite")
    assert "Ce dossier est clos" in officer.send(late, 409).text
    assert versions(team) == []


def test_a_reader_reads_a_version_and_writes_none(team: Team, officer: Colleague, reference: str) -> None:
    write(officer, reference, findings="Une vue")
    reader = team.signed_in(READER, name="Sacha Lecteur")
    assert "Une vue" in reader.open(f"{address(reference)}/1").text
    assert reader.client.get(address(reference)).status_code == 403
