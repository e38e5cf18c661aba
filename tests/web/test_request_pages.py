"""Asking to be contacted: fill in, check, send. Nothing is lost, nothing is sent twice, nothing leaves too early."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from guide.models import Introduction, OutgoingMail, Referral
from guide.web.public.request_form import MANDATORY
from guide.web.public.request_words import TO_THE_PERSON, WITH_THE_PERSON, Voice
from tests.conftest import Engines
from tests.web.conftest import MakeApp, Site
from tests.web.pages import Form, Page, Visitor, plain

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PATH = "/demande?stage=idee&commune=62447&needs=financer&support=aucun&vu=2026-11-24"
WORDS = "Un café associatif : chez moi, « la Ruche »\net des livres"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor()


def filled(page: Page) -> Form:
    return page.form("/demande").write("name", "Camille Fictif").write("email", "camille@exemple.fr")


def checked(visitor: Visitor, clock: time_machine.Traveller, address: str = PATH) -> Page:
    form = filled(visitor(address)).write("words", WORDS)
    clock.shift(timedelta(seconds=60))
    return visitor.send(form, typed=[WORDS])


def send(visitor: Visitor, check: Page) -> Page:
    return visitor.send(check.form("/demande").press("Envoyer ma demande"))


def stored(site: Site) -> list[Referral]:
    with site.database.reading() as session:
        return list(session.exec(select(Referral)).all())


def test_a_request_is_filled_in_checked_sent_and_followed(
    site: Site, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    check = checked(visitor, clock)
    assert check.h1 == "Relisez votre demande"
    assert stored(site) == []
    received = send(visitor, check)
    [referral] = stored(site)
    assert received.h1 == "Votre demande est arrivée"
    assert "jeudi 26 novembre" in received.text
    assert referral.reference in received.text
    assert (referral.name, referral.commune, referral.words) == ("Camille Fictif", "62447", WORDS)
    assert (referral.origin, referral.to_watch) == ("orientation", False)
    assert [pair[0] for pair in referral.answers] == ["stage", "commune", "needs", "support"]
    tracked = visitor(received.link("Suivre ma demande"))
    assert referral.reference in tracked.title


@pytest.mark.parametrize(("more", "voice"), [("", TO_THE_PERSON), ("&aide=1", WITH_THE_PERSON)])
def test_three_things_are_mandatory_and_each_field_says_why(visitor: Visitor, more: str, voice: Voice) -> None:
    page = visitor(PATH + more)
    assert len(MANDATORY) == 3
    asked = {control.name for control in page.form("/demande").controls}
    assert asked - {"csrf_token", "form_key", "commune", "commune_vue", "website"} == set(voice.why)
    for name in set(voice.why) - {"person_agrees"}:
        assert plain(voice.why[name]).replace("’", "'") in page.text.replace("’", "'"), name


def test_the_page_says_who_reads_it_why_how_long_and_which_rights(visitor: Visitor) -> None:
    words = visitor(PATH).text
    for said in (
        "Mission ESS du Département",
        "APES",
        "mission d’intérêt public",
        "24 mois",
        "CNIL",
        "délégué",
        "obligatoires",
    ):
        assert said in words, said


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("email", "camille@", "prenom@exemple.fr"),
        ("email", "camille@exemple.fr\r\nBcc: tous@exemple.fr", "prenom@exemple.fr"),
        ("phone", "0612", "dix chiffres"),
        ("phone", "pas de téléphone", "dix chiffres"),
        ("commune_texte", "Lille", "n’est pas dans le Pas-de-Calais"),
        ("commune_texte", "Zzyzx", "ne trouvons pas"),
        ("commune_texte", "", "Écrivez le nom de la commune"),
        ("name", "   ", "prénom et votre nom"),
        ("words", "a" * 4001, "trop long"),
    ],
)
def test_a_mistake_is_told_in_its_field_and_keeps_the_rest(
    site: Site, visitor: Visitor, name: str, typed: str, expected: str
) -> None:
    form = filled(visitor("/demande")).write("commune_texte", "Arras").write("words", "Mon projet")
    page = visitor.send(form.write(name, typed), 422, typed=[typed, typed.strip()])
    assert page.title.startswith("Erreur")
    assert expected in plain(page.summary.get_text()).replace("'", "’")
    again = page.form("/demande")
    kept = {"name": "Camille Fictif", "commune_texte": "Arras", "words": "Mon projet"}
    for field, value in kept.items():
        if field != name:
            assert again.written(field) == value
    assert stored(site) == []


def test_a_contact_is_asked_when_there_is_none(visitor: Visitor) -> None:
    form = visitor(PATH).form("/demande").write("name", "Camille Fictif")
    assert "adresse ou un téléphone" in plain(visitor.send(form, 422).summary.get_text())


def test_a_telephone_is_enough_however_it_is_typed(site: Site, visitor: Visitor, clock: time_machine.Traveller) -> None:
    form = visitor(PATH).form("/demande").write("name", "Camille Fictif").write("phone", "06.12 34-56.78")
    clock.shift(timedelta(seconds=60))
    check = visitor.send(form)
    assert "06 12 34 56 78" in check.text
    send(visitor, check)
    assert stored(site)[0].phone == "+33612345678"


def test_an_ambiguous_commune_is_chosen_among_a_few(visitor: Visitor, clock: time_machine.Traveller) -> None:
    page = visitor.send(filled(visitor("/demande")).write("commune_texte", "62140"), 422)
    form = page.form("/demande")
    code = form.offers("commune")[0]
    clock.shift(timedelta(seconds=60))
    assert visitor.send(form.tick("commune", code)).h1 == "Relisez votre demande"


def test_modifying_gives_everything_back(visitor: Visitor, clock: time_machine.Traveller) -> None:
    check = checked(visitor, clock)
    form = visitor.send(check.form("/demande").press("Modifier"), typed=[WORDS]).form("/demande")
    assert (form.written("name"), form.written("words").strip()) == ("Camille Fictif", WORDS)


def test_pressing_twice_going_back_or_trying_again_makes_one_referral(
    site: Site, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    check = checked(visitor, clock)
    addresses = {send(visitor, check).address for _ in range(3)}
    assert len(addresses) == 1
    assert len(stored(site)) == 1


def test_a_reference_that_is_already_taken_is_drawn_again(
    site: Site, visitor: Visitor, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter("AAAAAA" + "AAAAAA" + "BBBBBB")
    monkeypatch.setattr("guide.drafting.secrets.choice", lambda _: next(drawn))
    for number in range(2):
        form = filled(visitor(PATH)).write("words", f"Projet {number}")
        clock.shift(timedelta(seconds=60))
        send(visitor, visitor.send(form))
    assert [referral.reference for referral in stored(site)] == ["ESS-AAAAAA", "ESS-BBBBBB"]


def test_the_card_that_was_pressed_is_ticked_and_agreed_to(
    site: Site, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    check = checked(visitor, clock, "/demande?fiche=galilee&commune=62765")
    assert "Galilée" in check.text
    send(visitor, check)
    with site.database.reading() as session:
        [introduction] = session.exec(select(Introduction)).all()
    assert introduction.entry == "galilee"
    assert introduction.agreement_version == stored(site)[0].agreement_version


def test_an_unknown_structure_is_refused_in_words(visitor: Visitor) -> None:
    form = filled(visitor("/demande?fiche=apes")).write("commune_texte", "Arras")
    form.named("structures")[0].value = "inconnue"
    assert "n’existe pas" in plain(visitor.send(form, 422).summary.get_text())


def test_too_quick_a_send_asks_to_confirm_and_is_then_kept(site: Site, visitor: Visitor) -> None:
    check = visitor.send(filled(visitor(PATH)))
    again = send(visitor, check)
    assert again.h1 == "Confirmez l’envoi"
    assert stored(site) == []
    visitor.send(again.form("/demande").press("Confirmer l’envoi"))
    assert stored(site)[0].to_watch


def test_the_trap_asks_to_confirm_and_is_then_kept(site: Site, visitor: Visitor, clock: time_machine.Traveller) -> None:
    form = filled(visitor(PATH)).write("website", "http://exemple.fr")
    clock.shift(timedelta(seconds=60))
    again = send(visitor, visitor.send(form))
    assert again.h1 == "Confirmez l’envoi"
    visitor.send(again.form("/demande").press("Confirmer l’envoi"))
    assert stored(site)[0].to_watch


def test_the_trap_is_out_of_the_way_of_keyboards(visitor: Visitor) -> None:
    trap = visitor(PATH).soup.select_one("#website")
    assert trap is not None
    assert trap["tabindex"] == "-1"


def test_a_forged_or_missing_form_key_is_made_again(
    site: Site, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    form = checked(visitor, clock).form("/demande").press("Envoyer ma demande")
    form.named("form_key")[0].value = "forgé"
    again = visitor.send(form, typed=[WORDS])
    assert again.h1 == "Confirmez l’envoi"
    visitor.send(again.form("/demande").press("Confirmer l’envoi"))
    assert len(stored(site)) == 1


def test_who_fills_in_with_somebody_is_not_asked_for_their_own_name(
    visitor: Visitor, clock: time_machine.Traveller
) -> None:
    page = visitor("/demande?aide=1")
    refused = visitor.send(page.form("/demande"), 422)
    form = filled(refused).write("helper", "Mairie Fictive").tick("person_agrees", "1").write("words", "Un café")
    clock.shift(timedelta(seconds=60))
    check = visitor.send(form.write("commune_texte", "Hesdin-la-Forêt"))
    said = [page.soup.main, refused.summary, check.soup.main]
    for part in said:
        for notice in part.select("#vie-privee, [aria-labelledby=vie-privee]"):
            notice.decompose()
        assert not re.search(r"\b[Vv](otre|os)\b", part.get_text()), part.get_text()


def test_helping_somebody_needs_who_helps_and_the_agreement_of_the_person(
    site: Site, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    page = visitor(visitor(PATH).link("Remplir avec la personne"))
    refused = visitor.send(filled(page), 422)
    assert {"#helper", "#person_agrees"} == {str(link["href"]) for link in refused.summary.find_all("a")}
    form = refused.form("/demande").write("helper", "Mairie Fictive").tick("person_agrees", "1")
    clock.shift(timedelta(seconds=60))
    check = visitor.send(form)
    received = visitor.send(check.form("/demande").press("Envoyer la demande"))
    assert "Mairie Fictive" in received.text
    assert stored(site)[0].helper == "Mairie Fictive"


def test_the_same_person_with_the_same_request_is_recognised_kindly(
    site: Site, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    send(visitor, checked(visitor, clock))
    somebody = site.visitor()
    known = send(somebody, checked(somebody, clock))
    assert known.h1 == "Bon retour parmi nous"
    assert "Nous y avons ajouté" not in known.text
    form = filled(somebody(PATH)).write("words", WORDS)
    clock.shift(timedelta(seconds=60))
    check = somebody.send(form.tick("call_when", "soir"), typed=[WORDS])
    assert "ajouté ce que vous venez de dire : moments pour appeler" in plain(send(somebody, check).text)
    assert "/suivi/" not in known.html.replace('href="/suivi"', "")
    assert len(stored(site)) == 1


def test_a_path_seen_too_long_ago_or_tomorrow_is_drawn_again(
    site: Site, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    for day in ("2026-10-01", "2027-01-01", "hier"):
        send(visitor, checked(visitor, clock, f"/demande?stage=idee&commune=62447&vu={day}&x={day}"))
        clock.shift(timedelta(days=1, hours=1))
    days = [referral.shown["on"] for referral in stored(site) if referral.shown]
    assert days[0] == "2026-11-24"


@pytest.mark.parametrize("token", ["", "faux", None])
def test_a_form_without_its_token_comes_back_with_what_was_typed(
    site: Site, visitor: Visitor, token: str | None
) -> None:
    data = {"name": "Camille Fictif", "words": "Mes mots", "etape": "verifier", "email": "camille@exemple.fr"}
    sent = data | ({} if token is None else {"csrf_token": token})
    response = visitor.client.post("/demande", data=sent)
    page = visitor.check(Page("/demande", response.status_code, response.text))
    assert page.status == 400
    form = page.form("/demande")
    assert (form.written("name"), form.written("words")) == ("Camille Fictif", "Mes mots")
    assert visitor.send(form.write("name", "Camille Fictif"), 422).form("/demande").written("words") == "Mes mots"
    assert stored(site) == []


def test_the_token_of_another_session_is_refused(site: Site, visitor: Visitor) -> None:
    form = filled(visitor("/demande"))
    response = site.visitor().client.post("/demande", data=dict(form.pairs))
    assert response.status_code == 400


@pytest.mark.parametrize(
    "typed", ["\x00\x01NUL", "\u202etxet", "😀" * 50, "<script>alert(1)</script>", "{{7*7}}", "' OR 1=1 --"]
)
def test_odd_signs_are_text_and_nothing_else(
    site: Site, visitor: Visitor, clock: time_machine.Traveller, typed: str
) -> None:
    form = filled(visitor(PATH)).write("words", typed).write("project_name", typed)
    clock.shift(timedelta(seconds=60))
    response = visitor.client.post("/demande" + form.action.removeprefix("/demande"), data=dict(form.pairs))
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "49" not in Page("", 200, response.text).soup.main.get_text()


def test_a_heavy_body_and_an_upload_are_refused(visitor: Visitor) -> None:
    assert visitor.client.post("/demande", data={"words": "a" * 100_000}).status_code == 413
    assert visitor.client.post("/demande", data="x", content_type="multipart/form-data; boundary=x").status_code == 415


def test_a_fault_of_the_database_keeps_what_was_typed_and_acknowledges_nothing(
    site: Site, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    check = checked(visitor, clock)
    engine = site.app.extensions["guide-database"].engine

    def broken(*_: object) -> None:
        raise OperationalError("planned", None, Exception("disk full"))

    event.listen(engine, "before_cursor_execute", broken)
    form = check.form("/demande").press("Envoyer ma demande")
    kept = visitor.send(form, 503, typed=[WORDS])
    assert kept.h1 == "Nous n’avons pas pu enregistrer"
    assert kept.form("/demande").written("words").strip() == WORDS
    assert visitor("/annuaire").status == 200
    event.remove(engine, "before_cursor_execute", broken)
    assert stored(site) == []
    assert visitor.send(kept.form("/demande")).h1 == "Votre demande est arrivée"
    assert len(stored(site)) == 1


def test_a_locked_file_answers_503_in_time_and_comes_back_by_itself(
    make_app: MakeApp, engines: Engines, tmp_path_factory: pytest.TempPathFactory, outgoing_hosts: frozenset[str],
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("locked")
    engines.empty("sqlite", folder).close()
    app = make_app(instance=folder, database_url=f"sqlite:///{folder / 'guide.db'}")
    database = app.extensions["guide-database"]
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=20"))
    visitor = Visitor(app.test_client(), outgoing_hosts)
    check = checked(visitor, clock)
    other = sqlite3.connect(folder / "guide.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    kept = visitor.send(check.form("/demande").press("Envoyer ma demande"), 503, typed=[WORDS])
    assert visitor.client.get("/sante/pret").status_code == 503
    other.execute("ROLLBACK")
    other.close()
    assert visitor.send(kept.form("/demande")).h1 == "Votre demande est arrivée"
    assert visitor.client.get("/sante/pret").status_code == 200
    database.close()


def test_a_read_only_file_answers_503_and_reading_pages_stay_open(
    make_app: MakeApp, engines: Engines, tmp_path_factory: pytest.TempPathFactory, outgoing_hosts: frozenset[str],
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("read-only")
    engines.empty("sqlite", folder).close()
    app = make_app(instance=folder, database_url=f"sqlite:///{folder / 'guide.db'}")
    database = app.extensions["guide-database"]
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    visitor = Visitor(app.test_client(), outgoing_hosts)
    check = checked(visitor, clock)
    visitor.send(check.form("/demande").press("Envoyer ma demande"), 503, typed=[WORDS])
    assert visitor("/").status == visitor("/demande").status == 200
    database.close()


def test_a_full_disk_answers_503_keeps_the_text_and_stores_nothing(
    make_app: MakeApp, engines: Engines, tmp_path_factory: pytest.TempPathFactory, outgoing_hosts: frozenset[str],
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("full")
    engines.empty("sqlite", folder).close()
    app = make_app(instance=folder, database_url=f"sqlite:///{folder / 'guide.db'}")
    database, opened, faults = app.extensions["guide-database"], list[sqlite3.Connection](), list[Any]()

    def fill(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # SQLite takes it as: not one page more than there are
        opened.append(connection)

    event.listen(database.engine, "connect", fill)
    event.listen(database.engine, "handle_error", lambda fault: faults.append(fault.original_exception))
    visitor = Visitor(app.test_client(), outgoing_hosts)
    letter = "Un café de village. " * 190
    form = filled(visitor(PATH)).write("words", letter)
    clock.shift(timedelta(seconds=60))
    kept = visitor.send(visitor.send(form).form("/demande").press("Envoyer ma demande"), 503)
    assert {fault.sqlite_errorname for fault in faults} == {"SQLITE_FULL"}
    assert kept.form("/demande").written("words").strip() == letter.strip()
    assert visitor("/annuaire").status == 200
    with database.reading() as session:
        for table in (Referral, OutgoingMail, Introduction):
            assert session.exec(select(table)).all() == []
    for connection in opened:
        connection.execute("PRAGMA max_page_count=1073741823")  # somebody made room
    assert visitor.send(kept.form("/demande")).h1 == "Votre demande est arrivée"
    database.close()


def test_beyond_the_limit_the_text_is_kept_and_the_wait_is_said(
    make_site: Callable[..., Site], clock: time_machine.Traveller
) -> None:
    site = make_site(rate_limits="on")
    visitor = site.visitor()
    for number in range(4):
        form = filled(visitor(PATH)).write("words", f"Projet {number}")
        clock.shift(timedelta(seconds=60))
        check = visitor.send(form)
        response = visitor.client.post(
            check.form("/demande").action, data=dict(check.form("/demande").press("Envoyer ma demande").pairs)
        )
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    kept = visitor.check(Page("/demande", 429, response.text))
    assert kept.form("/demande").written("words") == "Projet 3"
    assert len(stored(site)) == 3


def test_the_outbox_holds_neither_address_nor_text(site: Site, visitor: Visitor, clock: time_machine.Traveller) -> None:
    send(visitor, checked(visitor, clock))
    with site.database.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM outgoing_mail")).all())
    with site.database.reading() as session:
        assert len(session.exec(select(OutgoingMail)).all()) == 2
    assert "camille" not in kept.lower()
    assert "café" not in kept


def test_what_was_shown_is_kept_whole(site: Site, visitor: Visitor, clock: time_machine.Traveller) -> None:
    send(visitor, checked(visitor, clock))
    path = visitor("/orientation?stage=idee&commune=62447&needs=financer&support=aucun")
    shown = stored(site)[0].shown
    assert shown is not None
    for card in shown["proposals"]:
        assert plain(card["name"]) in path.text
    assert json.dumps(shown, ensure_ascii=False).count("reasons") == len(shown["proposals"])


def test_an_endless_helper_is_refused_and_kept(visitor: Visitor) -> None:
    form = filled(visitor(PATH + "&aide=1")).tick("person_agrees", "1").write("helper", "M" * 161)
    refused = visitor.send(form, 422)
    assert "160 signes au plus" in plain(refused.summary.get_text())
    assert visitor.client.post(form.action, data=dict(form.pairs) | {"etape": "envoyer"}).status_code == 422
