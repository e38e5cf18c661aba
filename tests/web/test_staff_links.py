"""One-time links: an invitation and its enrolment, a new password. Opening one changes nothing, using it ends it."""

import pyotp
import pytest
from sqlmodel import select

from guide.models import OutgoingMail
from guide.models.outgoing import MailTemplate
from guide.models.staff import LinkPurpose
from tests.web.pages import Page
from tests.web.team import OTHER_PASSWORD, PASSWORD, READER, Browser, Colleague, Team


def choose(browser: Browser, password: str, again: str | None = None, status: int = 200) -> Page:
    assert browser.page is not None
    [form] = [
        browser.form(each) for each in ("/equipe/invitation/", "/equipe/mot-de-passe/") if each in browser.page.path
    ]
    form.write("password", password).write("password_again", password if again is None else again)
    return browser.send(form, status, where=browser.page.path)


def seed_shown(page: Page) -> str:
    return page.soup.select_one(".key code").get_text().replace(" ", "")


def give_code(browser: Browser, seed: str, team: Team, status: int = 200) -> Page:
    assert browser.page is not None
    code = pyotp.TOTP(seed).at(team.now())
    return browser.send(browser.form("/equipe/invitation").write("code", code), status, where=browser.page.path)


def enrol(team: Team, path: str) -> tuple[Browser, Page]:
    browser = team.somebody()
    browser.open(path)
    page = choose(browser, PASSWORD)
    return browser, give_code(browser, seed_shown(page), team)


def test_an_invited_person_chooses_a_password_adds_a_telephone_and_receives_ten_codes(team: Team) -> None:
    browser = team.somebody()
    page = browser.open(team.invited(READER))
    assert page.h1 == "Bienvenue, Dominique"
    assert "dominique.petit@exemple.fr" in page.text
    page = choose(browser, PASSWORD)
    seed = seed_shown(page)
    assert page.soup.select_one("svg.qr path")["d"].startswith("M4 4h7v1h-7z")
    assert page.soup.select_one("a[href^='otpauth://']")["href"].count(seed) == 1
    page = give_code(browser, seed, team)
    codes = [tag.get_text() for tag in page.soup.select(".recovery-codes code")]
    assert len(set(codes)) == 10
    assert browser.open("/equipe").h1 == "Bonjour Dominique"
    browser.send(browser.form("/equipe/deconnexion"))
    team.later(seconds=30)
    dominique = Colleague(browser.client, browser.visit, email="dominique.petit@exemple.fr", seed=seed)
    assert dominique.sign_in().h1 == "Bonjour Dominique"
    assert team.account(dominique).role is READER


def test_a_wrong_code_keeps_the_password_and_the_square(team: Team) -> None:
    browser = team.somebody()
    browser.open(team.invited())
    first = choose(browser, PASSWORD)
    form = browser.form("/equipe/invitation").write("code", "000000")
    page = browser.send(form, 422, where=first.path)
    assert seed_shown(page) == seed_shown(first)
    assert page.title.startswith("Erreur")
    assert give_code(browser, seed_shown(page), team).h1 == "Vos codes de secours"


def test_the_code_of_the_enrolment_does_not_serve_again(team: Team) -> None:
    browser = team.somebody()
    browser.open(team.invited())
    seed = seed_shown(choose(browser, PASSWORD))
    give_code(browser, seed, team)
    browser.open("/equipe")
    browser.send(browser.form("/equipe/deconnexion"))
    dominique = Colleague(browser.client, browser.visit, email="dominique.petit@exemple.fr", seed=seed)
    dominique.give_password()
    dominique.give_code(status=422)


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("onze signes", None, "12 au moins"),
        ("motdepasse2026", None, "parmi les plus essayés"),
        ("missioness2026!", None, "le nom du service"),
        ("Dominique-Petit-62", None, "le vôtre"),
        ("a" * 300, None, "256 signes au plus"),
        (PASSWORD, OTHER_PASSWORD, "différents"),
        ("", None, "Choisissez"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_what_to_do(
    team: Team, password: str, again: str | None, said: str
) -> None:
    browser = team.somebody()
    browser.open(team.invited())
    page = choose(browser, password, again, 422)
    assert said in page.summary.get_text().replace("\u00a0", " ")
    assert PASSWORD not in page.html


@pytest.mark.parametrize("password", ["douze-signes", "é" * 6 + "à longueur", "x9" + "longue phrase " * 9])
def test_a_long_password_of_any_signs_is_accepted(team: Team, password: str) -> None:
    browser = team.somebody()
    browser.open(team.invited())
    assert choose(browser, password).h1 == "Ajoutez votre téléphone"


def test_opening_a_link_twice_changes_nothing(team: Team) -> None:
    path = team.invited()
    for _ in range(3):
        assert team.somebody().open(path).h1 == "Bienvenue, Dominique"
    assert enrol(team, path)[1].h1 == "Vos codes de secours"


def test_a_link_that_has_served_opens_nothing_and_names_nobody(team: Team) -> None:
    path = team.invited()
    enrol(team, path)
    page = team.somebody().open(path, 410)
    assert page.h1 == "Ce lien ne sert plus"
    assert "Dominique" not in page.html


def test_an_invitation_lasts_seven_days_once_the_team_exists_and_the_first_one_fifteen_minutes(team: Team) -> None:
    first = team.invited()
    team.later(minutes=14)
    team.somebody().open(first)
    team.later(minutes=2)
    team.somebody().open(first, 410)
    team.colleague()
    second = team.invited(name="Alix Grand")
    team.later(days=6, hours=23)
    team.somebody().open(second)
    team.later(hours=2)
    team.somebody().open(second, 410)


@pytest.mark.parametrize(
    "path", ["/equipe/invitation/inconnue", "/equipe/mot-de-passe/inconnu", "/equipe/invitation/%00"]
)
def test_an_unknown_link_is_not_found(team: Team, path: str) -> None:
    assert team.somebody().open(path, 404).h1 == "Ce lien ne sert plus"


def test_a_link_of_one_purpose_does_not_serve_for_the_other(team: Team) -> None:
    token = team.link(team.colleague(), LinkPurpose.PASSWORD_RESET).rsplit("/", 1)[1]
    team.somebody().open(f"/equipe/invitation/{token}", 404)


def test_a_new_link_ends_the_one_before(team: Team) -> None:
    camille = team.colleague()
    before, after = (team.link(camille, LinkPurpose.PASSWORD_RESET) for _ in range(2))
    team.somebody().open(before, 410)
    team.somebody().open(after)


def test_pages_of_links_say_nothing_to_others(team: Team) -> None:
    for path in (team.invited(), team.link(team.colleague(), LinkPurpose.PASSWORD_RESET)):
        response = team.somebody().client.get(path)
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]


def test_a_forgotten_password_is_replaced_by_a_mailed_link_and_ends_every_session(team: Team) -> None:
    camille = team.signed_in()
    browser = team.somebody()
    browser.open("/equipe/mot-de-passe-oublie")
    page = browser.send(browser.form("/equipe/mot-de-passe-oublie").write("email", camille.email.upper()))
    assert "Si cette adresse a un compte" in page.text
    with team.database.reading() as session:
        [mail] = session.exec(select(OutgoingMail)).all()
    assert (mail.template, mail.account_id) == (MailTemplate.PASSWORD_RESET, camille.id)
    browser.open(team.link(camille, LinkPurpose.PASSWORD_RESET))
    page = choose(browser, OTHER_PASSWORD)
    assert page.h1 == "Connexion de l’équipe"
    assert "Votre nouveau mot de passe est enregistré" in page.text
    assert not camille.is_in
    camille.give_password(status=422)
    camille.password = OTHER_PASSWORD
    assert camille.sign_in().h1 == "Bonjour Camille"  # the telephone is still asked for


def test_a_reset_lasts_fifteen_minutes_and_serves_once(team: Team) -> None:
    camille = team.colleague()
    path = team.link(camille, LinkPurpose.PASSWORD_RESET)
    team.later(minutes=16)
    team.somebody().open(path, 410)
    path = team.link(camille, LinkPurpose.PASSWORD_RESET)
    browser = team.somebody()
    browser.open(path)
    choose(browser, OTHER_PASSWORD)
    team.somebody().open(path, 410)


def test_a_reset_ends_a_lock(team: Team) -> None:
    camille = team.colleague()
    for _ in range(11):
        camille.give_password("pas le bon du tout", 422)
    browser = team.somebody()
    browser.open(team.link(camille, LinkPurpose.PASSWORD_RESET))
    choose(browser, OTHER_PASSWORD)
    camille.password = OTHER_PASSWORD
    assert camille.sign_in().h1 == "Bonjour Camille"


def test_nobody_floods_the_mailbox_of_a_colleague(team: Team) -> None:
    camille, browser = team.colleague(), team.somebody()
    for _ in range(6):
        browser.open("/equipe/mot-de-passe-oublie")
        browser.send(browser.form("/equipe/mot-de-passe-oublie").write("email", camille.email))
    with team.database.reading() as session:
        assert len(session.exec(select(OutgoingMail)).all()) == 3


def test_a_link_of_a_disabled_account_opens_nothing(team: Team) -> None:
    camille = team.colleague()
    path = team.link(camille, LinkPurpose.PASSWORD_RESET)
    team.change(camille, lambda account: setattr(account, "disabled_at", team.now()))
    team.somebody().open(path, 410)


def test_an_invitation_half_done_an_hour_ago_starts_again(team: Team) -> None:
    team.colleague()
    browser = team.somebody()
    path = team.invited()
    browser.open(path)
    seed = seed_shown(choose(browser, PASSWORD))
    team.later(minutes=61)
    assert give_code(browser, seed, team).h1 == "Bienvenue, Dominique"
