"""The import of the Mission ESS's table: read, shown, confirmed once; nothing doubled, nothing written by surprise."""

import io
import re
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select
from werkzeug.test import TestResponse

from guide import privacy
from guide.models import ForgottenHolder, ImportedRow, JournalLine, OutgoingMail, Referral, TableImport
from guide.models.journal import LineKind
from guide.models.referral import Origin, ReferralState
from guide.tables.rows import LARGEST_FILE
from tests.tables.files import HEADERS, RENE, ZOE, a_csv, a_zip_bomb, an_xlsx, with_macros
from tests.web.pages import Page, plain
from tests.web.team import ADVISER, Colleague, Team

START = "/equipe/imports"


@pytest.fixture
def officer(team: Team) -> Colleague:
    return team.signed_in()


def all_of(team: Team, table: type[Any]) -> list[Any]:
    with team.database.reading() as session:
        return list(session.exec(select(table)).all())


def token(somebody: Colleague) -> str:
    somebody.open(START)
    return dict(somebody.form(START).pairs)["csrf_token"]


def post_file(
    somebody: Colleague, data: bytes, name: str = "x.csv", *, csrf: str = "", where: str = START
) -> TestResponse:
    """Send a file, as a browser does."""
    head = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n--limit\r\n'
    file = f'Content-Disposition: form-data; name="table"; filename="{name}"\r\n\r\n'
    body = ("--limit\r\n" + head.format("csrf_token", csrf) + file).encode() + data + b"\r\n--limit--\r\n"
    kind = "multipart/form-data; boundary=limit"
    return somebody.client.post(where, data=body, content_type=kind, buffered=True)


def send(somebody: Colleague, data: bytes, status: int = 200, name: str = "suivi.csv") -> Page:
    """Send a file and follow to what is shown."""
    response = post_file(somebody, data, name, csrf=token(somebody))
    if response.status_code == 303:
        return somebody.open(response.headers["Location"].removeprefix("http://localhost"), status)
    assert response.status_code == status, response.text[:2000]
    somebody.page = somebody.visit.check(Page(START, status, response.text))
    return somebody.page


def address(page: Page) -> str:
    return page.address


def confirm(somebody: Colleague, status: int = 200, *ticked: str) -> Page:
    assert somebody.page is not None
    form = somebody.form(somebody.page.address)
    for name in ticked:
        form.tick(name, "1")
    return somebody.send(form, status)


def summary(page: Page) -> dict[str, str]:
    rows = page.soup.select(".summary-list > div")
    return {plain(row.dt.get_text()): plain(row.dd.get_text()) for row in rows}


def bring(somebody: Colleague, *rows: tuple[str, ...]) -> Page:
    send(somebody, a_csv(*rows))
    return confirm(somebody)


def test_a_good_table_is_shown_then_becomes_dossiers_reviewed_and_silent(team: Team, officer: Colleague) -> None:
    page = send(officer, a_csv(ZOE, RENE, encoding="cp1252"))
    assert page.h1 == "Relire avant d’importer"
    assert "Windows-1252" in page.text
    assert summary(page) == {"Nouveaux dossiers": "2"}
    assert all_of(team, Referral) == []
    assert summary(confirm(officer))["Nouveaux dossiers"] == "2"
    zoe, rene = sorted(all_of(team, Referral), key=lambda each: each.name, reverse=True)
    assert (zoe.name, zoe.email, zoe.phone, zoe.commune) == ("Zoé Inventée", "zoe@exemple.fr", "+33321000001", "62119")
    assert (zoe.epci, zoe.project_name) == ("epci-bethune-bruay", "L’épicerie")
    assert {each.state for each in (zoe, rene)} == {ReferralState.REVIEWED}
    assert {each.origin for each in (zoe, rene)} == {Origin.IMPORT}
    assert not zoe.may_be_written_to
    assert all_of(team, OutgoingMail) == []
    assert [line.kind for line in all_of(team, JournalLine)] == [LineKind.IMPORTED] * 2
    dossier = officer.open(f"/equipe/dossiers/{zoe.reference}")
    assert plain(ZOE[5]) in dossier.text
    assert "par le tableau de la mission ess" in dossier.text.lower()


def test_the_sealed_table_is_gone_once_confirmed_and_never_stands_in_clear(team: Team, officer: Colleague) -> None:
    send(officer, a_csv(ZOE))
    [waiting] = all_of(team, TableImport)
    assert "zoe@exemple.fr" not in waiting.sealed
    confirm(officer)
    [done] = all_of(team, TableImport)
    assert done.sealed is None
    assert (done.created, done.updated, done.unchanged, done.left_out) == (1, 0, 0, 0)


def test_the_same_table_again_doubles_nothing_and_says_so(team: Team, officer: Colleague) -> None:
    bring(officer, ZOE, RENE)
    page = send(officer, an_xlsx(RENE, ZOE), name="suivi.xlsx")
    assert summary(page) == {"Nouveaux dossiers": "0", "Déjà là, sans changement": "2"}
    assert "tout est déjà là" in page.text
    assert len(all_of(team, Referral)) == 2


def test_a_second_click_imports_nothing_more(team: Team, officer: Colleague) -> None:
    send(officer, a_csv(ZOE))
    assert officer.page is not None
    form = officer.form(officer.page.address)
    for _ in range(2):
        assert officer.post(form).status_code == 303
    assert len(all_of(team, Referral)) == 1


def test_what_changed_is_said_and_what_somebody_corrected_meanwhile_is_kept(team: Team, officer: Colleague) -> None:
    bring(officer, ZOE, RENE)
    with team.database.writing() as session:
        zoe = session.exec(select(Referral).where(Referral.email == "zoe@exemple.fr")).one()
        zoe.phone, version = "+33321999999", zoe.version
    changed = ("Zoé Inventée", "Arras", "zoe@exemple.fr", "03 21 00 00 02", "L’épicerie", ZOE[5])
    page = send(officer, a_csv(changed, RENE))
    assert summary(page)["Dossiers à mettre à jour"] == "1"
    assert "Commune : Béthune → Arras" in plain(page.soup.main.get_text())
    assert summary(confirm(officer))["Dossiers mis à jour"] == "1"
    zoe = next(each for each in all_of(team, Referral) if each.email == "zoe@exemple.fr")
    assert (zoe.commune, zoe.epci, zoe.phone, zoe.version) == ("62041", "epci-arras", "+33321999999", version + 1)
    told = [line.text for line in all_of(team, JournalLine) if line.referral_id == zoe.id]
    assert plain(told[-1]) == "Le tableau a changé : Commune et Téléphone."


def test_rows_in_error_are_left_out_on_purpose_only(team: Team, officer: Colleague) -> None:
    page = send(officer, a_csv(ZOE, ("Bad", "Béthune", "bad@", "03", "", "")))
    assert "Ligne 3, colonne C" in plain(page.soup.get_text())
    assert "par exemple prenom@exemple.fr" in plain(page.soup.get_text())
    refused = confirm(officer, 422)
    assert "laisser ces lignes de côté" in plain(refused.summary.get_text())
    assert all_of(team, Referral) == []
    done = summary(confirm(officer, 200, "without_errors"))
    assert (done["Nouveaux dossiers"], done["Lignes laissées de côté"]) == ("1", "1")


def test_possible_doubles_are_said_and_may_be_left_out(team: Team, officer: Colleague) -> None:
    bring(officer, ZOE)
    other = ("Quelqu’un d’autre", "Arras", "zoe@exemple.fr", "", "Une autre idée", "")
    page = send(officer, a_csv(other, RENE))
    assert "Peut-être un doublon : le même courriel" in plain(page.soup.get_text())
    done = summary(confirm(officer, 200, "without_doubles"))
    assert (done["Nouveaux dossiers"], done["Lignes laissées de côté"]) == ("1", "1")


def test_an_unknown_commune_lets_the_row_in_with_a_suggestion(team: Team, officer: Colleague) -> None:
    page = send(officer, a_csv(("Zoé", "Betune", "zoe@exemple.fr", "", "", "")))
    assert "Est-ce Béthune" in plain(page.soup.get_text())
    confirm(officer)
    [zoe] = all_of(team, Referral)
    assert (zoe.commune, zoe.epci) == (None, None)
    assert "Betune" in officer.open(f"/equipe/dossiers/{zoe.reference}").text


def test_what_is_confirmed_is_what_was_shown(team: Team, officer: Colleague) -> None:
    first = address(send(officer, a_csv(ZOE)))
    bring(officer, ZOE)
    page = officer.open(first)
    stale = officer.form(first) if page.soup.find("form", action=first) else None
    assert stale is None  # everything is already there
    second = send(officer, a_csv(RENE))
    form = officer.form(address(second))
    bring(officer, RENE)
    shown = officer.send(form, 409, where=address(second))
    assert "Le bureau a changé" in shown.text
    assert len(all_of(team, Referral)) == 2


def test_an_erased_person_is_not_brought_back_by_the_table(team: Team, officer: Colleague) -> None:
    bring(officer, ZOE)
    with team.database.writing() as session:
        privacy.erase(session, session.exec(select(Referral)).one().id, at=team.now())
    assert all_of(team, ImportedRow) == []
    assert len(all_of(team, ForgottenHolder)) == 2
    page = send(officer, a_csv((*ZOE[:4], "Un autre projet", "")))
    assert "le tableau ne les ramène pas" in plain(page.soup.get_text())
    assert summary(page)["Nouveaux dossiers"] == "0"
    team.later(days=800)
    with team.database.writing() as session:
        privacy.purge(session, now=team.now(), delays=team.settings.delays)
    assert all_of(team, ForgottenHolder) == []


def test_the_person_may_download_what_the_table_said(team: Team, officer: Colleague) -> None:
    bring(officer, ZOE)
    with team.database.writing() as session:
        said = privacy.export(session, session.exec(select(Referral)).one().id, at=team.now())
    assert said["tableau de la Mission ESS"]["Pourquoi fragile"] == ZOE[5]


def test_a_table_waits_for_its_sender_alone_and_one_day_only(team: Team, officer: Colleague) -> None:
    where = address(send(officer, a_csv(ZOE)))
    other = team.signed_in(name="Dominique Petit")
    assert other.client.get(where).status_code == 404
    assert where in [str(tag["href"]) for tag in officer.open(START).soup.select(".card a")]
    team.later(hours=24)
    officer = team.signed_in(name="Sacha Long")
    assert officer.client.get(where).status_code == 404
    with team.database.writing() as session:
        privacy.purge(session, now=team.now(), delays=team.settings.delays)
    assert all_of(team, TableImport) == []


def test_a_table_can_be_forgotten_at_once_by_its_sender(team: Team, officer: Colleague) -> None:
    where = address(send(officer, a_csv(ZOE)))
    form = officer.form(f"{where}/abandon")
    assert officer.send(form).h1 == "Importer le tableau"
    assert officer.post(form).status_code == 404
    assert all_of(team, TableImport) == []


def test_a_session_that_ended_finds_the_preview_again(team: Team, officer: Colleague) -> None:
    where = address(send(officer, a_csv(ZOE)))
    team.later(minutes=31)
    officer.sign_in(at=f"/equipe/connexion?next={where}")
    assert officer.page is not None
    assert officer.page.h1 == "Relire avant d’importer"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"", "Ce fichier est vide"),
        (lambda: b"\0\x01\x02" * 500, "pas un tableau"),
        (with_macros, "contient des macros"),
        (a_zip_bomb, "démesuré"),
        (lambda: an_xlsx(ZOE)[:900], "abîmé"),
        (lambda: a_csv(headers=("a", "b")), "Aucune ligne d’en-têtes"),
        (lambda: b"x" * (LARGEST_FILE + 1), "2 Mo"),
    ],
    ids=["empty", "binary", "macros", "bomb", "cut", "headers", "heavy"],
)
def test_a_file_that_cannot_be_read_says_what_to_do_and_keeps_nothing(
    team: Team, officer: Colleague, make: Any, said: str
) -> None:
    page = send(officer, make(), 422)
    assert said in plain(page.summary.get_text())
    assert all_of(team, TableImport) == []


def test_a_file_that_is_sent_is_never_written_on_the_disk(team: Team) -> None:
    content = {"table": (io.BytesIO(b"x" * 400_000), "x.csv")}
    with team.app.test_request_context(START, method="POST", data=content) as context:
        context.request.max_content_length = LARGEST_FILE
        assert isinstance(context.request.files["table"].stream, io.BytesIO)


def test_no_file_at_all_is_said_too(officer: Colleague) -> None:
    officer.open(START)
    response = officer.client.post(START, data={"csrf_token": token(officer)}, content_type="multipart/form-data")
    assert response.status_code == 422
    assert "Choisissez un fichier" in response.text


def test_a_file_far_too_heavy_is_refused_before_it_is_read(officer: Colleague) -> None:
    response = post_file(officer, b"x" * (LARGEST_FILE + 200_000), csrf=token(officer))
    assert response.status_code == 413
    officer.visit.check(Page(START, 413, response.text))
    assert "2 Mo au plus" in response.text


def test_files_go_nowhere_else_and_need_the_token_of_the_form(team: Team, officer: Colleague) -> None:
    for where in ("/equipe/agents", "/equipe/connexion", "/demande"):
        assert post_file(officer, b"x", where=where).status_code == 415, where
    assert post_file(officer, a_csv(ZOE)).status_code == 400
    adviser = team.signed_in(ADVISER, "Dominique Petit")
    adviser.open("/equipe/mon-compte")
    csrf = dict(adviser.form("/equipe/deconnexion").pairs)["csrf_token"]
    assert post_file(adviser, a_csv(ZOE), csrf=csrf).status_code == 403
    assert all_of(team, TableImport) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_downloads_and_its_filled_copy_imports(officer: Colleague, kind: str) -> None:
    response = officer.client.get(f"{START}/modele.{kind}")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert officer.client.get(f"{START}/modele.exe").status_code == 404


def test_what_a_cell_holds_is_shown_as_text(team: Team, officer: Colleague) -> None:
    evil = "<img src=x onerror=alert(1)> {{7*7}}"
    send(officer, a_csv((evil, evil, "zoe@exemple.fr", "", evil, evil), (evil, "", evil, "", "", "")))
    assert officer.page is not None
    assert officer.page.soup.find("img", src="x") is None
    assert evil in officer.page.soup.get_text()
    confirm(officer, 200, "without_errors")
    [zoe] = all_of(team, Referral)
    assert officer.open(f"/equipe/dossiers/{zoe.reference}").soup.find("img", src="x") is None


def test_nothing_is_half_written_whichever_statement_fails(team: Team, officer: Colleague) -> None:
    send(officer, a_csv(ZOE, RENE))
    assert officer.page is not None
    form, failed = officer.form(officer.page.address), 0
    engine = team.app.extensions["guide-database"].engine
    while True:
        seen = 0

        def fail(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
            nonlocal seen
            seen += statement.startswith(("INSERT", "UPDATE"))
            if statement.startswith(("INSERT", "UPDATE")) and seen == failed + 1:  # noqa: B023 - called in this turn
                raise OSError("the disk is full")

        event.listen(engine, "before_cursor_execute", fail)
        status = officer.post(form).status_code
        event.remove(engine, "before_cursor_execute", fail)
        if status == 303:
            break
        assert status in (500, 503)
        assert all_of(team, Referral) == []
        failed += 1
    assert failed >= 3
    assert len(all_of(team, Referral)) == 2


def test_five_thousand_rows_are_read_shown_and_written_with_a_bounded_number_of_questions(
    team: Team, officer: Colleague
) -> None:
    many = [(f"Zoé N{n}", "Béthune", f"z{n}@exemple.fr", "", f"Projet {n}", "") for n in range(5_000)]
    page = send(officer, a_csv(*many))
    assert summary(page)["Nouveaux dossiers"] == "5000"
    assert len(page.soup.select("table tbody tr")) == 50
    asked: list[str] = []
    engine = team.app.extensions["guide-database"].engine

    def note(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement.split(maxsplit=1)[0])

    event.listen(engine, "before_cursor_execute", note)
    done = confirm(officer)
    event.remove(engine, "before_cursor_execute", note)
    assert summary(done)["Nouveaux dossiers"] == "5000"
    assert len(asked) < 100
    references = set(re.findall(r"ESS-\w{6}", done.text))
    assert len(references) == 100
    assert HEADERS[0] not in done.text
