"""Following a request by its secret link: words both ways, withdrawal, and one's data behind a code."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import select

from guide.models import JournalLine, OutgoingMail, Referral, RightsCode, RightsTask
from guide.models.journal import Author, LineKind
from guide.models.outgoing import MailTemplate
from guide.secrecy import code_hash
from tests.web.conftest import Site
from tests.web.pages import Page, Visitor, plain

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "secret-de-developpement"  # noqa: S105 - the one of development


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor()


def ask(visitor: Visitor, clock: time_machine.Traveller, **said: str) -> str:
    """Send a request and return the address of its tracking page."""
    form = visitor("/demande?fiche=apes&commune=62447").form("/demande")
    for name, text in {"name": "Camille Fictif", "email": "camille@exemple.fr", **said}.items():
        form.write(name, text)
    clock.shift(timedelta(seconds=60))
    received = visitor.send(visitor.send(form).form("/demande").press("Envoyer ma demande"))
    return received.link("Suivre ma demande")


@pytest.fixture
def link(visitor: Visitor, clock: time_machine.Traveller) -> str:
    return ask(visitor, clock)


def give_code(site: Site, code: str = "123456") -> None:
    with site.database.writing() as session:
        referral = session.exec(select(Referral)).one()
        now = datetime.now(UTC)
        session.add(
            RightsCode(
                referral_id=referral.id,
                code_hash=code_hash(SECRET, referral.id, code),
                created_at=now,
                expires_at=now + timedelta(minutes=15),
            )
        )


def open_data(site: Site, visitor: Visitor, link: str) -> Page:
    give_code(site)
    return visitor.send(visitor(f"{link}/mes-donnees").form(f"{link}/mes-donnees/acces").write("code", "123 456"))


def test_the_page_says_where_the_request_stands_and_what_comes_next_by_when(visitor: Visitor, link: str) -> None:
    page = visitor(link)
    assert page.soup.select_one(".way [aria-current=step]").get_text() == "Reçue"
    for said in ("Nous avons bien votre demande", "jeudi 26 novembre", "La Mission ESS", "APES", "Proposée"):
        assert said in page.text


def test_the_link_alone_shows_neither_name_nor_contact(visitor: Visitor, link: str) -> None:
    for address in (link, f"{link}/recue", f"{link}/retrait", f"{link}/mes-donnees", f"{link}/mes-donnees/effacement"):
        page = visitor(address)
        assert not re.search("camille|fictif", page.html, re.IGNORECASE)


def test_a_promise_that_is_late_says_so_and_how_to_ask(
    visitor: Visitor, link: str, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=10))
    page = visitor(link)
    assert "désolés" in page.text
    assert "appelez la Mission ESS" in page.text


def test_secret_pages_are_neither_kept_nor_indexed_nor_named_elsewhere(visitor: Visitor, link: str) -> None:
    for address in (link, f"{link}/recue", "/suivi/inconnu", "/suivi"):
        headers = visitor.client.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(("method", "path"), [("GET", "/message"), ("GET", "/ailleurs"), ("PUT", ""), ("POST", "/x/y")])
def test_a_secret_link_that_no_page_answers_is_not_kept_either(
    visitor: Visitor, link: str, method: str, path: str
) -> None:
    answer = visitor.client.open(link + path, method=method)
    assert answer.status_code in (400, 404, 405)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_word_is_added_and_shown(site: Site, visitor: Visitor, link: str) -> None:
    page = visitor.send(visitor(link).form(f"{link}/message").write("text", "J’ai trouvé un local"))
    assert "Votre message est arrivé" in page.text
    assert "J’ai trouvé un local" in page.text
    with site.database.reading() as session:
        assert MailTemplate.PERSON_WROTE in {mail.template for mail in session.exec(select(OutgoingMail)).all()}


@pytest.mark.parametrize(("typed", "expected"), [("", "Écrivez"), ("  \n ", "Écrivez"), ("a" * 4001, "trop long")])
def test_an_empty_or_endless_word_is_refused_and_kept(visitor: Visitor, link: str, typed: str, expected: str) -> None:
    page = visitor.send(visitor(link).form(f"{link}/message").write("text", typed), 422)
    assert expected in plain(page.summary.get_text())
    assert page.form(f"{link}/message").written("text").strip() == typed.strip()


def test_too_many_words_are_refused_kindly_and_the_last_is_kept(visitor: Visitor, link: str) -> None:
    for number in range(10):
        visitor.send(visitor(link).form(f"{link}/message").write("text", f"Mot {number}"))
    page = visitor.send(visitor(link).form(f"{link}/message").write("text", "Le mot de trop"), 429)
    assert "envoyez-le dans 60 minutes" in plain(page.summary.get_text())
    assert page.form(f"{link}/message").written("text").strip() == "Le mot de trop"


def test_what_staff_write_is_read_with_a_first_name_and_as_text(site: Site, visitor: Visitor, link: str) -> None:
    with site.database.writing() as session:
        referral = session.exec(select(Referral)).one()
        for text, visible in (("<b>Bonjour</b> {{7*7}}", True), ("note interne", False)):
            line = JournalLine(referral_id=referral.id, at=NOON, author=Author.STAFF, kind=LineKind.MESSAGE, text=text)
            line.visible = visible
            session.add(line)
    page = visitor(link)
    assert "<b>Bonjour</b> {{7*7}}" in page.text
    assert "note interne" not in page.html


def test_withdrawing_asks_once_then_ends_the_request(site: Site, visitor: Visitor, link: str) -> None:
    asked = visitor(visitor(link).link("Retirer ma demande"))
    with site.database.reading() as session:
        assert session.exec(select(Referral)).one().is_open
    page = visitor.send(asked.form(f"{link}/retrait"))
    assert "Votre demande est retirée" in page.text
    assert "Vous avez retiré votre demande" in page.text
    assert "déjà terminée" in visitor(f"{link}/retrait").text


def test_the_receipt_of_a_request_that_is_over_announces_no_mail(visitor: Visitor, link: str) -> None:
    assert "Un courriel part aussi" in visitor(f"{link}/recue").text
    visitor.send(visitor(f"{link}/retrait").form(f"{link}/retrait"))
    receipt = visitor(f"{link}/recue")
    assert "Depuis, elle est terminée" in receipt.text
    assert "courriel" not in receipt.soup.main.get_text()


def test_a_closed_request_is_read_for_thirty_days_then_gone(
    visitor: Visitor, link: str, clock: time_machine.Traveller
) -> None:
    visitor.send(visitor(f"{link}/retrait").form(f"{link}/retrait"))
    clock.shift(timedelta(days=29))
    assert visitor(link).status == 200
    clock.shift(timedelta(days=2))
    gone = visitor(link, 410)
    assert "n’est plus valable" in gone.h1
    assert "ESS-" not in gone.text


@pytest.mark.parametrize("token", ["inconnu", "a" * 43, "%00", "a" * 3000, "é", "<script>"])
def test_a_link_cut_or_made_up_leads_to_help(visitor: Visitor, token: str) -> None:
    page = visitor(f"/suivi/{token}", 404)
    assert "Ce lien ne mène à rien" in page.h1
    assert page.link("nouveau lien") == "/suivi"


def test_the_data_open_with_a_code_are_corrected_downloaded_and_erased(site: Site, visitor: Visitor, link: str) -> None:
    data = open_data(site, visitor, link)
    form = data.form(f"{link}/mes-donnees")
    assert form.written("email") == "camille@exemple.fr"
    corrected = visitor.send(
        form.write("name", "Camille Inventé").write("words", "Une « ruche » : ici"), typed=["Une « ruche » : ici"]
    )
    assert "Vos corrections sont enregistrées" in corrected.text
    copy = corrected.form(f"{link}/mes-donnees/copie")
    response = visitor.client.post(copy.action, data=dict(copy.pairs))
    assert response.mimetype == "application/json"
    assert response.json["nom"] == "Camille Inventé"
    assert response.headers["Content-Disposition"].startswith("attachment")
    erased = visitor.send(visitor(f"{link}/mes-donnees/effacement").form(f"{link}/mes-donnees/effacement"))
    assert erased.h1 == "Vos données sont effacées"
    site.visitor()(link, 404)


def test_a_second_click_on_erasing_says_that_it_is_done_to_that_browser_alone(
    site: Site, visitor: Visitor, link: str
) -> None:
    open_data(site, visitor, link)
    form = visitor(f"{link}/mes-donnees/effacement").form(f"{link}/mes-donnees/effacement")
    visitor.send(form)
    again = [visitor.send(form, 410), visitor(link, 410), visitor(f"{link}/mes-donnees/effacement", 410)]
    assert {page.h1 for page in again} == {"Vos données sont effacées"}
    assert "ne mène à rien" in site.visitor()(link, 404).h1
    assert "ne mène à rien" in visitor("/suivi/inconnu", 404).h1


def test_a_wrong_correction_is_told_and_changes_nothing(site: Site, visitor: Visitor, link: str) -> None:
    form = open_data(site, visitor, link).form(f"{link}/mes-donnees")
    refused = visitor.send(form.write("email", "faux").write("phone", ""), 422)
    assert "prenom@exemple.fr" in refused.text
    with site.database.reading() as session:
        assert session.exec(select(Referral)).one().email == "camille@exemple.fr"


def test_a_wrong_code_says_how_many_tries_are_left_and_the_sixth_is_refused(
    site: Site, visitor: Visitor, link: str
) -> None:
    give_code(site)
    for left in (4, 3, 2, 1, 0):
        form = visitor(f"{link}/mes-donnees").form(f"{link}/mes-donnees/acces").write("code", "000000")
        page = visitor.send(form, 422)
        assert (f"{left} fois" if left else "Demandez-en un autre") in plain(page.summary.get_text())
    form = visitor(f"{link}/mes-donnees").form(f"{link}/mes-donnees/acces").write("code", "123456")
    visitor.send(form, 422)


@pytest.mark.parametrize("typed", ["123456", "123 456", "123\u00a0456", " 12 34 56 "])
def test_a_code_is_taken_with_or_without_its_spaces(site: Site, visitor: Visitor, link: str, typed: str) -> None:
    give_code(site)
    form = visitor(f"{link}/mes-donnees").form(f"{link}/mes-donnees/acces").write("code", typed)
    assert "Corriger" in visitor.send(form).text


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "１２３４５６"])
def test_what_is_no_code_is_told_without_costing_a_try(visitor: Visitor, link: str, typed: str) -> None:
    form = visitor(f"{link}/mes-donnees").form(f"{link}/mes-donnees/acces").write("code", typed)
    assert "six chiffres" in plain(visitor.send(form, 422).summary.get_text())


def test_another_browser_sees_nothing_of_what_a_code_opened(site: Site, visitor: Visitor, link: str) -> None:
    open_data(site, visitor, link)
    page = site.visitor()(f"{link}/mes-donnees")
    assert "camille@exemple.fr" not in page.html
    assert "Demander le code" in page.text


def test_the_data_close_after_fifteen_minutes(
    site: Site, visitor: Visitor, link: str, clock: time_machine.Traveller
) -> None:
    form = open_data(site, visitor, link).form(f"{link}/mes-donnees").write("name", "Trop Tard")
    clock.shift(timedelta(minutes=16))
    assert "Demander le code" in visitor.send(form).text
    with site.database.reading() as session:
        assert session.exec(select(Referral)).one().name == "Camille Fictif"


def test_with_a_telephone_only_an_officer_is_asked_to_call(
    site: Site, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    link = ask(visitor, clock, email="", phone="06 12 34 56 78")
    page = visitor(f"{link}/mes-donnees")
    assert "par téléphone" in page.text
    visitor.send(page.form(f"{link}/code"))
    with site.database.reading() as session:
        assert [task.kind for task in session.exec(select(RightsTask)).all()] == ["code"]


@pytest.mark.parametrize(
    "contact", ["camille@exemple.fr", "CAMILLE@exemple.fr", "inconnu@exemple.fr", "06 99 99 99 99"]
)
def test_a_lost_link_never_says_whether_a_contact_is_known(
    site: Site, visitor: Visitor, link: str, contact: str
) -> None:
    assert link
    page = visitor.send(visitor("/suivi").form("/suivi").write("contact", contact), typed=[contact])
    assert page.text.startswith("Retrouver ma demande Si une demande a été faite avec ce contact")
    with site.database.reading() as session:
        mails = [mail.template for mail in session.exec(select(OutgoingMail)).all()]
    assert (MailTemplate.NEW_LINK in mails) == contact.lower().startswith("camille")


def test_reading_a_secret_page_changes_nothing(site: Site, visitor: Visitor, link: str) -> None:
    def kept() -> list[object]:
        with site.database.reading() as session:
            tables = (Referral, JournalLine, OutgoingMail, RightsCode, RightsTask)
            return [row.model_dump() for table in tables for row in session.exec(select(table)).all()]

    before = kept()
    for address in (link, f"{link}/recue", f"{link}/retrait", f"{link}/mes-donnees", f"{link}/mes-donnees/effacement"):
        for _ in range(2):
            visitor.client.get(address)
    assert kept() == before


@pytest.mark.parametrize("what", ["retrait", "mes-donnees", "mes-donnees/effacement"])
def test_asking_for_the_headers_of_a_page_neither_withdraws_nor_erases(
    site: Site, visitor: Visitor, link: str, what: str
) -> None:
    open_data(site, visitor, link)
    assert visitor.client.head(f"{link}/{what}").status_code == 200
    with site.database.reading() as session:
        referral = session.exec(select(Referral)).one()
    assert referral.is_open
    assert (referral.name, referral.version) == ("Camille Fictif", 1)
