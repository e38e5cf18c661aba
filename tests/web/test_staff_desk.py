"""The desk: what waits is found, read, moved, answered; nothing is overwritten, nobody closed without a word."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from guide.content.base import KnowledgeBase
from guide.drafting import Request, draft_referral
from guide.models import ContactAttempt, JournalLine, OutgoingMail, Referral, RightsTask
from guide.models.access import TaskKind
from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import MOVES, Body, Outcome, ReferralState
from guide.orientation import propose
from guide.profile import Profile
from guide.referring import record_referral
from tests.web.pages import Page, plain
from tests.web.team import ADVISER, READER, Colleague, Team

PROFILE = Profile(stage="idee", commune="62447", needs=("financer",), support="aucun")


def ask(team: Team, knowledge: KnowledgeBase, key: str = "clé", **said: Any) -> str:
    """Record a request, and return its reference."""
    given = {"name": "Alix Fictif", "email": "alix@exemple.fr", "commune": "62447", "words": "Un café associatif"}
    request = Request(
        **{**given, **said},
        structures=("apes",),
        profile=PROFILE,
        answers=(("stage", "idee"), ("commune", "62447"), ("needs", "financer"), ("support", "aucun")),
    )
    draft = draft_referral(
        request,
        form_key=key,
        shown=propose(PROFILE, knowledge, team.now().date()),
        knowledge=knowledge,
        secret=team.settings.secret_key,
        at=team.now(),
    )
    with team.database.writing() as session:
        recorded = record_referral(session, draft, caller=None)
    assert recorded.referral.reference is not None
    return recorded.referral.reference


@pytest.fixture
def reference(team: Team, knowledge: KnowledgeBase) -> str:
    return ask(team, knowledge)


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def kept(team: Team, table: type[Any]) -> list[Any]:
    with team.database.reading() as session:
        return list(session.exec(select(table)).all())


def change(team: Team, **values: Any) -> None:
    with team.database.writing() as session:
        referral = session.exec(select(Referral)).one()
        for name, value in values.items():
            setattr(referral, name, value)


def move(officer: Colleague, reference: str, to: str, status: int = 200, **filled: str) -> Page:
    address = f"/equipe/dossiers/{reference}"
    if to == "closed":
        officer.open(f"{address}/cloture")
        form = officer.form(f"{address}/cloture").write("word", "")
    else:
        officer.open(address)
        form = officer.form(f"{address}/etat").tick("to", to)
    for name, value in filled.items():
        form.write(name, value) if name == "word" else form.choose(name, value)
    return officer.send(form, status)


# --- the list


def test_a_new_request_is_on_the_desk_with_since_when_nothing_moved(
    team: Team, officer: Colleague, reference: str
) -> None:
    team.later(minutes=1)
    page = officer.open("/equipe")
    row = plain(page.soup.select_one("table.dossiers tbody tr").get_text(" "))
    assert "Alix Fictif" in row
    assert reference in row
    assert "aujourd’hui" in row
    assert "1 dossier" in page.text


# --- one dossier


def test_a_dossier_shows_the_words_first_then_the_path_as_it_was_shown(officer: Colleague, reference: str) -> None:
    page = officer.visit(f"/equipe/dossiers/{reference}")
    headings = [plain(tag.get_text()) for tag in page.soup.select("main h2")]
    assert headings[0] == "Ses mots"
    assert "Un café associatif" in page.text
    assert "Le chemin qui lui a été montré" in headings
    assert "Vous cherchez de l’argent" in page.text
    assert "APES" in page.text


def test_opening_a_dossier_is_written_in_its_journal_once_an_hour(
    team: Team, officer: Colleague, reference: str
) -> None:
    for minutes in (0, 1, 30, 61):
        team.later(minutes=minutes and 1)
        officer.client.get(f"/equipe/dossiers/{reference}")
    team.later(minutes=25)
    officer.client.get("/equipe")
    team.later(minutes=25)
    officer.client.get("/equipe")
    team.later(minutes=25)
    officer.client.get(f"/equipe/dossiers/{reference}")
    assert [line.kind for line in kept(team, JournalLine)].count(LineKind.READ) == 2


def test_a_dossier_moves_along_the_table_and_only_along_it(team: Team, officer: Colleague, reference: str) -> None:
    page = officer.visit(f"/equipe/dossiers/{reference}")
    offered = page.form(f"/equipe/dossiers/{reference}/etat").offers("to")
    assert offered == [state.value for state in MOVES[ReferralState.RECEIVED] if state is not ReferralState.CLOSED]
    move(officer, reference, "reviewed")
    [referral] = kept(team, Referral)
    assert referral.state is ReferralState.REVIEWED
    lines = [line for line in kept(team, JournalLine) if line.kind is LineKind.MOVED]
    assert [(line.from_state, line.to_state, line.staff_id) for line in lines] == [("received", "reviewed", officer.id)]
    assert MailTemplate.STATE_CHANGED in {mail.template for mail in kept(team, OutgoingMail)}


def test_a_move_that_the_table_does_not_hold_names_both_states(team: Team, officer: Colleague, reference: str) -> None:
    officer.open(f"/equipe/dossiers/{reference}")
    form = officer.form(f"/equipe/dossiers/{reference}/etat").tick("to", "reviewed")
    for control in form.named("to"):
        control.value = "met" if control.on else control.value
    page = officer.send(form, 409)
    assert "Reçue" in page.text
    assert "Rencontrée" in plain(page.soup.select_one("[role=alert]").get_text())
    assert kept(team, Referral)[0].state is ReferralState.RECEIVED


def test_a_dossier_is_given_to_an_adviser_who_then_sees_it_and_only_then(
    team: Team, officer: Colleague, reference: str
) -> None:
    adviser = team.signed_in(ADVISER, name="Dominique Petit")
    assert adviser.client.get(f"/equipe/dossiers/{reference}").status_code == 404
    assert "0 dossier" in adviser.open("/equipe").text
    move(officer, reference, "reviewed")
    assert "à qui confier" in plain(move(officer, reference, "assigned", 422).summary.get_text())
    move(officer, reference, "assigned", assignee=str(adviser.id))
    [referral] = kept(team, Referral)
    assert (referral.assigned_to, referral.assigned_body) == (adviser.id, Body.APES)
    assert adviser.client.get(f"/equipe/dossiers/{reference}").status_code == 200
    assert "1 dossier" in adviser.open("/equipe?vue=mes-dossiers").text


def test_nobody_is_closed_without_an_outcome_and_a_word(team: Team, officer: Colleague, reference: str) -> None:
    refused = move(officer, reference, "closed", 422)
    assert {"#outcome", "#word"} == {str(link["href"]) for link in refused.summary.find_all("a")}
    move(officer, reference, "closed", outcome="autonomous", word="Bonne route")
    [referral] = kept(team, Referral)
    assert (referral.state, referral.outcome) == (ReferralState.CLOSED, Outcome.AUTONOMOUS)
    assert MailTemplate.CLOSED in {mail.template for mail in kept(team, OutgoingMail)}
    assert "Bonne route" in [line.text for line in kept(team, JournalLine) if line.visible]


def test_a_closed_dossier_may_be_opened_again(team: Team, officer: Colleague, reference: str) -> None:
    move(officer, reference, "closed", outcome="abandoned", word="Bonne suite à vous.")
    page = officer.open(f"/equipe/dossiers/{reference}")
    assert "Appeler" not in page.text
    assert not page.forms(f"/equipe/dossiers/{reference}/contact")
    move(officer, reference, "reviewed")
    [referral] = kept(team, Referral)
    assert (referral.state, referral.outcome, referral.closed_at) == (ReferralState.REVIEWED, None, None)


def test_two_officers_on_one_dossier_the_second_sees_what_changed_and_keeps_the_text(
    team: Team, officer: Colleague, reference: str
) -> None:
    colleague = team.signed_in(name="Dominique Petit")
    colleague.open(f"/equipe/dossiers/{reference}/cloture")
    late = colleague.form(f"/equipe/dossiers/{reference}/cloture")
    late.choose("outcome", "out_of_scope").write("word", "Ce n’est pas pour nous.")
    move(officer, reference, "reviewed", word="Nous vous appelons demain.")
    page = colleague.send(late, 409)
    assert "Quelqu’un a changé ce dossier" in page.text
    assert "Nous vous appelons demain." in plain(page.soup.select_one("[role=alert]").get_text())
    again = page.form(f"/equipe/dossiers/{reference}/cloture")
    assert again.written("word") == "Ce n’est pas pour nous."
    assert kept(team, Referral)[0].state is ReferralState.REVIEWED
    colleague.send(again)
    assert kept(team, Referral)[0].outcome is Outcome.OUT_OF_SCOPE


def test_two_moves_at_once_the_second_is_told_and_its_word_is_kept(
    team: Team, officer: Colleague, reference: str
) -> None:
    colleague = team.signed_in(name="Dominique Petit")
    address = f"/equipe/dossiers/{reference}"
    colleague.open(address)
    late = colleague.form(f"{address}/etat").tick("to", "reviewed").write("word", "Bonjour, je vous lis.")
    move(officer, reference, "reviewed")
    page = colleague.send(late, 409)
    assert "Quelqu’un a changé ce dossier" in page.text
    assert page.form(f"{address}/etat").written("word") == "Bonjour, je vous lis."
    assert page.form(f"{address}/etat").offers("to") == ["assigned", "contacted"]


def test_a_message_reaches_the_person_once(team: Team, officer: Colleague, reference: str) -> None:
    officer.open(f"/equipe/dossiers/{reference}")
    form = officer.form(f"/equipe/dossiers/{reference}/message").write("text", "Nous vous appelons demain.")
    for _ in range(2):
        officer.post(form)
    assert [line.text for line in kept(team, JournalLine) if line.kind is LineKind.MESSAGE] == [
        "Nous vous appelons demain."
    ]
    assert [mail.template for mail in kept(team, OutgoingMail)].count(MailTemplate.STAFF_WROTE) == 1


def test_a_note_stays_in_the_team_and_warns_that_the_person_may_read_it(
    team: Team, officer: Colleague, reference: str
) -> None:
    page = officer.open(f"/equipe/dossiers/{reference}")
    assert "La personne peut demander à lire ce texte" in page.text
    officer.send(officer.form(f"/equipe/dossiers/{reference}/note").write("note", "Voir avec Galilée"))
    [line] = [each for each in kept(team, JournalLine) if each.kind is LineKind.NOTE]
    assert (line.text, line.visible) == ("Voir avec Galilée", False)


@pytest.mark.parametrize("action", ["message", "note"])
@pytest.mark.parametrize("typed", ["", "a" * 4001])
def test_an_empty_or_endless_text_is_refused_and_kept(
    officer: Colleague, reference: str, action: str, typed: str
) -> None:
    name = "text" if action == "message" else "note"
    officer.open(f"/equipe/dossiers/{reference}")
    page = officer.send(officer.form(f"/equipe/dossiers/{reference}/{action}").write(name, typed), 422)
    assert page.form(f"/equipe/dossiers/{reference}/{action}").written(name) == typed
    assert page.title.startswith("Erreur")


def test_a_reader_reads_and_changes_nothing(team: Team, reference: str) -> None:
    reader = team.signed_in(READER, name="Sacha Lecteur")
    page = reader.open(f"/equipe/dossiers/{reference}")
    assert [str(tag["action"]) for tag in page.soup.select("main form")] == []


@pytest.mark.parametrize("made_up", ["ESS-ZZZZZZ", "x", "../agents", "%00", "é" * 40])
def test_a_made_up_reference_is_nowhere(officer: Colleague, made_up: str) -> None:
    assert officer.client.get(f"/equipe/dossiers/{made_up}").status_code == 404


def test_what_people_typed_is_shown_as_text(team: Team, officer: Colleague, knowledge: KnowledgeBase) -> None:
    payload = "<img src=x onerror=alert(1)> {{7*7}} javascript:alert(1)"
    odd = ask(team, knowledge, name=payload[:100], project_name=payload, words=payload, helper=payload)
    page = officer.visit(f"/equipe/dossiers/{odd}", typed=[payload, payload[:100]])
    assert page.soup.select("main img") == []
    assert payload in page.text
    assert officer.visit("/equipe", typed=[payload, payload[:100]]).soup.select("main img") == []


def test_extra_fields_change_nothing(team: Team, officer: Colleague, reference: str) -> None:
    officer.open(f"/equipe/dossiers/{reference}")
    form = officer.form(f"/equipe/dossiers/{reference}/note").write("note", "Bonjour")
    pairs = [*form.pairs, ("state", "closed"), ("outcome", "duplicate"), ("role", "officer"), ("name", "Autre")]
    officer.client.post(form.action, data=dict(pairs))
    [referral] = kept(team, Referral)
    assert (referral.state, referral.name) == (ReferralState.RECEIVED, "Alix Fictif")


def test_a_forgotten_dossier_is_no_longer_there(team: Team, officer: Colleague, reference: str) -> None:
    change(team, anonymised_at=team.now())
    assert officer.client.get(f"/equipe/dossiers/{reference}").status_code == 404
    assert "0 dossier" in officer.open("/equipe").text


# --- what is asked by telephone


def add_task(team: Team, kind: TaskKind) -> None:
    change(team, email=None, phone="+33612345678")
    with team.database.writing() as session:
        referral = session.exec(select(Referral)).one()
        session.add(RightsTask(referral_id=referral.id, kind=kind, created_at=team.now()))


def test_an_officer_reads_out_a_code_that_opens_the_data(team: Team, officer: Colleague, reference: str) -> None:
    assert reference
    add_task(team, TaskKind.CODE)
    page = officer.open("/equipe")
    assert "06 12 34 56 78" in page.text
    given = officer.send(officer.form("/equipe/taches/"))
    code = re.sub(r"\D", "", given.soup.select_one(".big-code").get_text())
    assert len(code) == 6
    assert code not in str([row.model_dump() for row in kept(team, JournalLine)])
    assert "À faire par téléphone" not in officer.open("/equipe").text


def test_an_officer_gives_a_lost_link_again(team: Team, officer: Colleague, reference: str) -> None:
    assert reference
    add_task(team, TaskKind.LINK)
    officer.open("/equipe")
    given = officer.send(officer.form("/equipe/taches/"))
    link = given.soup.select_one(".link-box").get_text()
    assert team.somebody().client.get(link.removeprefix(team.settings.public_url)).status_code == 200


def test_a_task_is_done_once_and_for_officers_only(team: Team, officer: Colleague, reference: str) -> None:
    assert reference
    add_task(team, TaskKind.CODE)
    officer.open("/equipe")
    form = officer.form("/equipe/taches/")
    assert officer.post(form).status_code == officer.post(form).status_code == 200  # a second click loses nothing
    team.later(minutes=16)
    assert officer.post(form).status_code == 404
    adviser = team.signed_in(ADVISER, name="Dominique Petit")
    assert "À faire par téléphone" not in adviser.open("/equipe").text


def test_a_session_that_expires_gives_back_the_message_being_written(
    team: Team, officer: Colleague, reference: str
) -> None:
    officer.open(f"/equipe/dossiers/{reference}")
    form = officer.form(f"/equipe/dossiers/{reference}/message").write("text", "Un long message, écrit avec soin")
    team.later(minutes=31)
    officer.send(form, 403)
    team.later(seconds=timedelta(minutes=1).total_seconds())
    password = officer.form("/equipe/connexion").write("email", officer.email).write("password", officer.password)
    officer.send(password)
    page = officer.give_code()
    assert page.form(f"/equipe/dossiers/{reference}/message").written("text") == "Un long message, écrit avec soin"
    officer.send(page.form(f"/equipe/dossiers/{reference}/message"))
    assert "Un long message, écrit avec soin" in [line.text for line in kept(team, JournalLine)]


@pytest.mark.parametrize("kind", TaskKind)
def test_whoever_took_her_number_back_is_not_called_and_the_desk_stays_open(
    team: Team, officer: Colleague, reference: str, kind: TaskKind
) -> None:
    assert reference
    add_task(team, kind)
    officer.open("/equipe")
    form = officer.form("/equipe/taches/")
    change(team, email="alix@exemple.fr", phone=None)
    assert "À faire par téléphone" not in officer.open("/equipe").text
    assert officer.post(form).status_code == 404


def test_a_note_and_an_attempt_sent_by_two_clicks_are_written_once(
    team: Team, officer: Colleague, reference: str
) -> None:
    address = f"/equipe/dossiers/{reference}"
    officer.open(address)
    note = officer.form(f"{address}/note").write("note", "Rappeler jeudi")
    officer.open(f"{address}/contact")
    attempt = officer.form(f"{address}/contact").tick("channel", "phone").tick("reached", "non")
    for form in (note, note, attempt, attempt):
        assert officer.post(form).status_code == 303
    kinds = [line.kind for line in kept(team, JournalLine)]
    assert (kinds.count(LineKind.NOTE), kinds.count(LineKind.ATTEMPT), len(kept(team, ContactAttempt))) == (1, 1, 1)
    team.later(minutes=2)
    officer.post(attempt)
    assert len(kept(team, ContactAttempt)) == 2


def test_a_database_that_cannot_be_written_still_opens_the_desk_and_a_dossier(
    team: Team, officer: Colleague, reference: str
) -> None:
    engine = team.app.extensions["guide-database"].engine

    def refuse(_: object, __: object, statement: str, *rest: object) -> None:
        if statement.startswith(("BEGIN IMMEDIATE", "INSERT", "UPDATE")):
            raise OperationalError("planned", None, Exception("read-only"))

    event.listen(engine, "before_cursor_execute", refuse)
    assert reference in officer.open("/equipe").text
    assert "Un café associatif" in officer.open(f"/equipe/dossiers/{reference}").text
    form = officer.form(f"/equipe/dossiers/{reference}/note").write("note", "Rappeler jeudi")
    kept_page = officer.send(form, 503)
    assert kept_page.form(f"/equipe/dossiers/{reference}/note").written("note") == "Rappeler jeudi"
    event.remove(engine, "before_cursor_execute", refuse)
    assert LineKind.READ not in [line.kind for line in kept(team, JournalLine)]


def test_a_dossier_asks_as_many_questions_however_long_its_story(
    team: Team, officer: Colleague, reference: str
) -> None:
    def asked() -> int:
        statements: list[str] = []

        def note(_: object, __: object, statement: str, *rest: object) -> None:
            if statement.startswith("SELECT"):
                statements.append(statement)

        engine = team.app.extensions["guide-database"].engine
        event.listen(engine, "before_cursor_execute", note)
        officer.open(f"/equipe/dossiers/{reference}")
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    asked()  # the first one writes that it was read
    short = asked()
    for number in range(12):
        officer.open(f"/equipe/dossiers/{reference}")
        officer.post(officer.form(f"/equipe/dossiers/{reference}/note").write("note", f"Note {number}"))
    assert asked() == short <= 19


def test_an_adviser_hands_a_dossier_back_and_it_waits_to_be_given_again(
    team: Team, officer: Colleague, reference: str
) -> None:
    adviser = team.signed_in(ADVISER, name="Dominique Petit")
    move(officer, reference, "reviewed")
    move(officer, reference, "assigned", assignee=str(adviser.id))
    page = move(adviser, reference, "reviewed", word="Je transmets à la Mission.")
    assert "Le dossier est rendu" in page.text
    assert adviser.client.get(f"/equipe/dossiers/{reference}").status_code == 404
    [referral] = kept(team, Referral)
    assert (referral.state, referral.assigned_to, referral.assigned_body) == (ReferralState.REVIEWED, None, None)
    assert "pas encore confié" in officer.open("/equipe?vue=a-confier").text
