"""The assistant's page, without a script: a form that carries the conversation, and keeps nothing."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from guide.days import now
from guide.delays import Delays
from guide.privacy import purge
from guide.store import unknown_words
from tests.web.conftest import Site
from tests.web.pages import Page, Visitor

ADDRESS = "/assistant"


def say(page: Visitor, *messages: str) -> Page:
    """Say messages one after the other, each from the page that the one before gave."""
    shown = page(ADDRESS)
    for message in messages:
        shown = page.send(shown.form(ADDRESS).write("message", message).press("Envoyer"), typed=messages)
    return shown


def test_an_answer_shows_what_was_understood_whom_to_call_and_what_to_do_now(page: Visitor) -> None:
    shown = say(page, "g une idee de café asso vers hesdin mais jsuis seule")
    chips = {button for button in shown.form(ADDRESS).buttons if button.endswith("×")}
    assert any("Hesdin-la-Forêt" in chip for chip in chips)
    assert any("Une idée" in chip for chip in chips)
    assert any("/structures/" in link or "/dispositifs/" in link for link in shown.links().values())
    assert "commune=62447" in shown.link("Voir mon chemin complet")
    assert "commune=62447" in shown.link("Demander à être contacté·e")


def test_a_conversation_of_five_turns_goes_on_without_a_script(page: Visitor) -> None:
    shown = say(
        page,
        "on cherche un local à Béthune",
        "c'est quoi le DLA ?",
        "c'est gratuit ?",
        "et à Calais ?",
        "quelle différence entre Galilée et Pas-de-Calais Actif ?",
    )
    assert len(shown.soup.select(".said")) == len(shown.soup.select(".answered")) == 5
    assert shown.soup.select_one("table.compared") is not None
    assert "commune=62193" in shown.link("Voir mon chemin complet")


def test_a_chip_is_taken_away_by_its_button(page: Visitor) -> None:
    shown = say(page, "je cherche un local à Béthune")
    [chip] = [button for button in shown.form(ADDRESS).buttons if "Béthune" in button]
    after = page.send(shown.form(ADDRESS).press(chip))
    assert not [button for button in after.form(ADDRESS).buttons if "Béthune" in button and "×" in button]


def test_a_text_being_written_is_neither_sent_nor_lost_when_a_chip_is_taken_away(page: Visitor) -> None:
    shown = say(page, "je cherche un local à Béthune")
    form = shown.form(ADDRESS).write("message", "pas encore")
    [chip] = [button for button in form.buttons if "Béthune" in button]
    after = page.send(form.press(chip))
    assert len(after.soup.select(".said")) == 1
    assert after.form(ADDRESS).written("message") == "pas encore"


def test_a_thread_found_again_is_shown_without_a_complaint(client: FlaskClient) -> None:
    response = client.post(ADDRESS, data={"fil": "dit:je cherche un local à Béthune", "deja": ""})
    assert response.status_code == 200
    assert "Béthune" in response.text


def test_a_choice_offered_is_said_in_one_click(page: Visitor) -> None:
    shown = say(page, "bonjour")
    assert "besoin" in shown.text or "aiderait" in shown.text
    after = (
        page.send(shown.form(ADDRESS).press("Comprendre qui fait quoi"))
        if ("Comprendre qui fait quoi" in shown.form(ADDRESS).buttons)
        else shown
    )
    assert after.status == 200


def test_what_the_questionnaire_knows_is_known_here_and_the_way_back_too(page: Visitor) -> None:
    shown = page("/assistant?stage=idee&needs=financer&commune=62041")
    assert "Arras" in shown.text
    assert shown.link("Voir mon chemin complet") == "/orientation?stage=idee&commune=62041&needs=financer"


def test_an_empty_message_is_told_kindly(page: Visitor) -> None:
    shown = page.send(page(ADDRESS).form(ADDRESS).press("Envoyer"), 422)
    assert "Écrivez votre question" in shown.summary.get_text()
    assert shown.title.startswith("Erreur")


@pytest.mark.parametrize(
    "message",
    [
        "<script>alert(1)</script>",
        "{{ 7*7 }} {% raw %}",
        "'; DROP TABLE referral; --",
        "\u202eà l’envers \u200d\u200d",
        "🙂🙂🙂",
        "bonjour " * 200,
        "Where can I find money for my project?",
        "x" * 1999,
    ],
)
def test_whatever_is_typed_gets_an_answer_and_stays_inert(page: Visitor, message: str) -> None:
    shown = say(page, message)
    assert "<script>alert" not in shown.html
    assert shown.soup.select_one(".answered") is not None


def test_a_long_message_is_read_in_part_and_this_is_said(page: Visitor) -> None:
    assert "1 000 premiers signes" in say(page, "je cherche un local " * 60).text


def test_distress_brings_the_number_to_call(page: Visitor) -> None:
    shown = say(page, "je veux en finir avec la vie")
    assert shown.link("Appeler le 3114") == "tel:3114"


def test_no_cookie_is_set_and_no_token_is_asked(client: FlaskClient) -> None:
    response = client.post(ADDRESS, data={"message": "bonjour"})
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


def test_forged_events_are_ignored(client: FlaskClient) -> None:
    events = [
        "dit:" + "a" * 5000,
        "retire:needs",
        "retire:inconnu:x",
        "retire::",
        "autre:chose",
        "",
        "retire:stage:idee",
    ]
    response = client.post(ADDRESS, data={"fil": events * 9, "deja": "commune inconnu " * 50, "message": "bonjour"})
    assert response.status_code == 200


def test_needs_are_ticked_from_words_that_no_address_holds(page: Visitor) -> None:
    shown = page("/questionnaire/besoins?stage=idee")
    form = shown.form("/avec-vos-mots/besoins").write("mots", "on manque de bénévoles")
    after = page.send(form, typed=["on manque de bénévoles"])
    question = after.form("/questionnaire/besoins")
    assert set(question.ticked("needs")) == {"benevoles"}
    assert "manque" not in question.press("Continuer").address.split("?")[0]
    assert dict(question.pairs)["stage"] == "idee"


def test_unknown_words_are_shown_after_three_days_and_forgotten_after_six_months(site: Site) -> None:
    client = site.app.test_client()
    start = now()
    for day in range(3):
        with site.database.reading() as session:
            assert unknown_words.list_seen(session) == []
        with time_machine.travel(start + timedelta(days=day), tick=False):
            client.post(ADDRESS, data={"message": "on cherche un local pour notre glurbotin"})
    with site.database.reading() as session:
        assert unknown_words.list_seen(session) == [("glurbotin", 3)]
    with site.database.writing() as session:
        purge(session, now=start + timedelta(days=400), delays=Delays())
    with site.database.reading() as session:
        assert unknown_words.list_seen(session) == []


@pytest.mark.parametrize(
    ("message", "headers"),
    [
        ("je veux mourir glurbotin", {}),
        ("bande de connards de glurbotins", {}),
        ("on cherche un local pour glurbotin", {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_words_of_distress_of_insults_and_of_other_sites_are_not_counted(
    site: Site, message: str, headers: dict[str, str]
) -> None:
    client = site.app.test_client()
    start = now()
    for day in range(3):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            assert client.post(ADDRESS, data={"message": message}, headers=headers).status_code == 200
    with site.database.reading() as session:
        assert unknown_words.list_seen(session) == []
