"""A page of the team that expires gives back what was typed: after the sign-in, to its author, and to nobody else."""

import pytest

from guide.models.staff import Role
from guide.store import accounts
from tests.web.pages import Form, Page
from tests.web.team import ADVISER, OTHER_PASSWORD, PASSWORD, Colleague, Team

NAME, EMAIL = "Éloïse Brun & Cie <b>", "eloise@exemple.fr"


@pytest.fixture
def camille(team: Team) -> Colleague:
    """An officer in front of the form that invites somebody."""
    camille = team.signed_in()
    camille.open("/equipe/agents")
    camille.confirm()
    return camille


def invitation(camille: Colleague) -> Form:
    """The form that invites, filled."""
    assert camille.page is not None
    [tag] = [each for each in camille.page.soup.find_all("form") if each["action"] == "/equipe/agents"]
    form = Form(tag).write("colleague_name", NAME).write("colleague_email", EMAIL)
    return form.tick("role", "reader")


def expire(team: Team, camille: Colleague) -> Page:
    """Send the form half an hour too late."""
    form = invitation(camille)
    team.later(minutes=31)
    return camille.send(form, 403)


def give_password(camille: Colleague, status: int = 200) -> Page:
    form = camille.form("/equipe/connexion").write("email", camille.email).write("password", camille.password)
    return camille.send(form, status)


def invited(team: Team) -> bool:
    with team.database.reading() as session:
        return accounts.find_account(session, EMAIL) is not None


def test_somebody_whose_session_expired_finds_the_text_again_and_sends_it_in_one_click(
    team: Team, camille: Colleague
) -> None:
    page = expire(team, camille)
    assert page.h1 == "Connexion de l’équipe"
    assert "Votre texte est gardé" in page.text
    assert EMAIL not in page.html
    camille.password = "pas le bon du tout"  # noqa: S105 - wrong on purpose
    give_password(camille, 422)
    camille.password = PASSWORD
    give_password(camille)
    camille.give_code("000000", 422)
    page = camille.give_code()
    assert "Voici ce que vous aviez écrit" in page.text
    assert not invited(team)
    form = page.form("/equipe/agents")
    assert form.named("colleague_name")[0].value == NAME
    camille.send(form, 403)  # a new session confirms before what is sensitive; the text is kept again
    page = camille.confirm()
    assert page.form("/equipe/agents").named("colleague_email")[0].value == EMAIL
    page = camille.send(page.form("/equipe/agents"))
    assert page.h1 == "L’équipe"
    assert "L’invitation part par courriel" in page.text
    with team.database.reading() as session:
        account = accounts.find_account(session, EMAIL)
    assert account is not None
    assert (account.name, account.role) == (NAME, Role.READER)


def test_a_recovery_code_gives_the_text_back_too(team: Team, camille: Colleague) -> None:
    expire(team, camille)
    page = give_password(camille)
    page = camille.send(page.form("/equipe/connexion/secours"))
    page = camille.send(page.form("/equipe/connexion/secours").write("code", camille.codes[3]))
    assert page.form("/equipe/agents").named("colleague_name")[0].value == NAME


def test_another_account_never_sees_the_text(team: Team, camille: Colleague) -> None:
    dominique = team.colleague(ADVISER, "Dominique Petit")
    page = expire(team, camille)
    form = page.form("/equipe/connexion").write("email", dominique.email).write("password", PASSWORD)
    page = camille.send(form)
    page = camille.send(page.form("/equipe/connexion/code").write("code", dominique.code))
    assert page.h1 == "Bonjour Dominique"
    assert EMAIL not in page.html


def test_a_text_is_kept_for_eight_hours(team: Team, camille: Colleague) -> None:
    expire(team, camille)
    team.later(hours=8, minutes=1)
    give_password(camille)
    assert camille.give_code().h1 == "Bonjour Camille"


def test_a_text_that_was_tampered_with_is_not_given_back(team: Team, camille: Colleague) -> None:
    page = expire(team, camille)
    [kept] = page.form("/equipe/connexion").named("kept")
    form = page.form("/equipe/connexion").write("email", camille.email).write("password", PASSWORD)
    form.named("kept")[0].value = kept.value[:-6] + "AAAAA="
    page = camille.send(form)
    assert camille.give_code().h1 == "Bonjour Camille"


def test_a_password_is_never_kept(team: Team) -> None:
    camille = team.signed_in()
    camille.open("/equipe/mon-compte/mot-de-passe")
    form = camille.form("/equipe/mon-compte/mot-de-passe").write("password", OTHER_PASSWORD)
    form.write("password_again", OTHER_PASSWORD).write("current_password", PASSWORD)
    team.later(minutes=31)
    response = camille.post(form)
    back_there = "/equipe/connexion?next=/equipe/mon-compte/mot-de-passe"  # the page, and nothing of what was typed
    assert (response.status_code, response.headers["Location"]) == (303, back_there)


def test_a_form_left_open_while_signing_out_in_another_window_is_kept(team: Team, camille: Colleague) -> None:
    form = invitation(camille)
    assert camille.page is not None
    camille.send(camille.page.form("/equipe/deconnexion"))
    page = camille.send(form, 403)
    assert "Votre texte est gardé" in page.text
    team.later(seconds=30)
    give_password(camille)
    assert camille.give_code().form("/equipe/agents").named("colleague_name")[0].value == NAME


def test_a_form_left_open_while_signing_in_again_in_another_window_is_given_back(
    team: Team, camille: Colleague
) -> None:
    form = invitation(camille)
    team.later(minutes=31)
    camille.sign_in()
    page = camille.send(form, 400)
    assert page.form("/equipe/agents").named("colleague_email")[0].value == EMAIL


def test_two_windows_expire_and_the_second_one_finds_its_text_after_the_first_has_signed_in(
    team: Team, camille: Colleague
) -> None:
    second = expire(team, camille)
    camille.sign_in()
    form = second.form("/equipe/connexion").write("email", camille.email).write("password", PASSWORD)
    page = camille.send(form)
    assert page.form("/equipe/agents").named("colleague_name")[0].value == NAME


def test_a_password_given_again_too_late_keeps_what_was_written(team: Team, camille: Colleague) -> None:
    form = invitation(camille)
    team.later(minutes=11)
    page = camille.send(form, 403)
    assert page.h1 == "Confirmez que c’est vous"
    assert camille.confirm().form("/equipe/agents").named("colleague_email")[0].value == EMAIL


def test_a_long_text_fits_through_the_sign_in(team: Team, camille: Colleague) -> None:
    form = invitation(camille)
    long = " ".join(f"Mot numéro {number}, puis un autre." for number in range(1300))
    form.named("colleague_name")[0].value = long
    assert len(long) > 40_000
    team.later(minutes=31)
    camille.send(form, 403)
    give_password(camille)
    assert camille.give_code().form("/equipe/agents").named("colleague_name")[0].value == long


def test_a_gesture_without_words_leads_back_to_its_page(team: Team, camille: Colleague) -> None:
    dominique = team.colleague(ADVISER, "Dominique Petit")
    camille.open("/equipe/agents")
    form = camille.form(f"/equipe/agents/{dominique.id}/desactivation")
    team.later(minutes=11)
    camille.send(form, 403)
    assert camille.confirm().h1 == "L’équipe"
    assert team.account(dominique).disabled_at is None
