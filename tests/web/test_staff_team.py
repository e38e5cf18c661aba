"""My account, and the team: what an officer may do for a colleague."""

import pyotp
from sqlmodel import select

from guide.models import OutgoingMail, RecoveryCode
from guide.models.outgoing import MailTemplate
from guide.models.staff import LinkPurpose
from tests.web.pages import Form
from tests.web.team import ADVISER, OTHER_PASSWORD, PASSWORD, READER, Colleague, Team


def officer(team: Team) -> Colleague:
    camille = team.signed_in()
    camille.open("/equipe/agents")
    camille.confirm()
    return camille


def mails(team: Team) -> list[MailTemplate]:
    with team.database.reading() as session:
        return [mail.template for mail in session.exec(select(OutgoingMail).order_by(OutgoingMail.id))]  # type: ignore[arg-type]


def link_form(camille: Colleague, colleague: Colleague, purpose: str) -> Form:
    """The button that sends a link of this purpose to a colleague."""
    listed = camille.open("/equipe/agents").forms(f"/equipe/agents/{colleague.id}/lien")
    [found] = [form for form in listed if ("purpose", purpose) in form.pairs]
    return found


def test_an_officer_invites_somebody_whose_invitation_is_mailed(team: Team) -> None:
    camille = officer(team)
    form = camille.page.form("/equipe/agents") if camille.page else None
    assert form is not None
    form.write("colleague_name", "  Alix   Grand ").write("colleague_email", "Alix.Grand@Exemple.fr ").tick(
        "role", "adviser"
    )
    page = camille.send(form)
    assert "L’invitation part par courriel" in page.text
    assert "alix.grand@exemple.fr" in page.text
    assert "pas encore acceptée" in page.text
    assert mails(team) == [MailTemplate.STAFF_INVITATION]


def test_an_invitation_that_cannot_leave_says_why_and_keeps_what_was_typed(team: Team) -> None:
    camille = officer(team)
    wrong = {"colleague_name": "Alix", "colleague_email": "alix@exemple"}
    for email, said in ((wrong["colleague_email"], "prenom.nom@exemple.fr"), (camille.email, "déjà un compte")):
        camille.open("/equipe/agents")
        form = camille.form("/equipe/agents").write("colleague_name", "Alix").write("colleague_email", email)
        page = camille.send(form.tick("role", "reader"), 422)
        assert said in page.summary.get_text()
        assert page.form("/equipe/agents").named("colleague_name")[0].value == "Alix"
        assert page.form("/equipe/agents").ticked("role") == ["reader"]
    form = (
        camille.form("/equipe/agents")
        .write("colleague_name", "Al\u202eix\x07")
        .write("colleague_email", "a\r\nBcc: b@c.fr")
    )
    page = camille.send(form.tick("role"), 422)
    assert [link["href"] for link in page.summary.select("a")] == ["#colleague_name", "#colleague_email", "#role"]
    assert mails(team) == []


def test_an_officer_sends_a_new_link_and_the_colleague_chooses_another_password(team: Team) -> None:
    camille, dominique = officer(team), team.colleague(ADVISER, "Dominique Petit")
    page = camille.open("/equipe/agents")
    [form] = [
        each
        for each in page.forms(f"/equipe/agents/{dominique.id}/lien")
        if ("purpose", "password_reset") in each.pairs
    ]
    assert "Le lien part par courriel" in camille.send(form).text
    assert mails(team) == [MailTemplate.PASSWORD_RESET]


def test_a_lost_telephone_is_replaced_by_a_new_invitation_and_the_old_one_stops(team: Team) -> None:
    camille, dominique = officer(team), team.signed_in(ADVISER, "Dominique Petit")
    page = camille.open("/equipe/agents")
    [form] = [
        each for each in page.forms(f"/equipe/agents/{dominique.id}/lien") if ("purpose", "invitation") in each.pairs
    ]
    camille.send(form)
    assert mails(team) == [MailTemplate.STAFF_INVITATION]
    browser = team.somebody()
    page = browser.open(team.link(dominique, LinkPurpose.INVITATION))
    form = page.form("/equipe/invitation").write("password", OTHER_PASSWORD).write("password_again", OTHER_PASSWORD)
    page = browser.send(form, where=page.path)
    seed = page.soup.select_one(".key code").get_text().replace(" ", "")
    browser.send(page.form("/equipe/invitation").write("code", pyotp.TOTP(seed).at(team.now())), where=page.path)
    assert not dominique.is_in
    dominique.password = OTHER_PASSWORD
    dominique.give_password()
    dominique.give_code(status=422)  # the old telephone
    team.later(seconds=30)
    dominique.seed = seed
    assert dominique.give_code().h1 == "Bonjour Dominique"


def test_an_officer_disables_a_colleague_who_comes_back_by_an_invitation_only(team: Team) -> None:
    camille, dominique = officer(team), team.signed_in(ADVISER, "Dominique Petit")
    page = camille.open("/equipe/agents")
    page = camille.send(page.form(f"/equipe/agents/{dominique.id}/desactivation"))
    assert "Le compte est désactivé" in page.text
    assert not dominique.is_in
    dominique.give_password(status=422)
    camille.send(page.form(f"/equipe/agents/{dominique.id}/lien"))
    account = team.account(dominique)
    assert (account.disabled_at, account.password_hash, account.totp_sealed) == (None, None, None)
    assert mails(team) == [MailTemplate.STAFF_INVITATION]


def test_nobody_disables_their_own_account_nor_the_last_officer(team: Team) -> None:
    camille = officer(team)
    token = dict(camille.form("/equipe/deconnexion").pairs)["csrf_token"]
    response = camille.client.post(f"/equipe/agents/{camille.id}/desactivation", data={"csrf_token": token})
    assert response.status_code == 409
    assert "Demandez à un autre agent" in response.text
    assert camille.is_in


def test_a_pending_account_gets_an_invitation_and_no_password_link(team: Team) -> None:
    camille = officer(team)
    team.invited()
    page = camille.open("/equipe/agents")
    account_id = next(str(tag["action"]).split("/")[3] for tag in page.soup.select("form[action$='/lien']"))
    token = dict(camille.form("/equipe/deconnexion").pairs)["csrf_token"]
    data = {"csrf_token": token, "purpose": "password_reset"}
    assert camille.client.post(f"/equipe/agents/{account_id}/lien", data=data).status_code == 409
    assert mails(team) == []


def test_changing_my_password_signs_my_other_devices_out(team: Team) -> None:
    camille = team.signed_in(READER)
    other = Colleague(team.app.test_client(), camille.visit, email=camille.email, seed=camille.seed)
    other.visit = type(camille.visit)(other.client, team.hosts)
    other.sign_in()
    camille.open("/equipe/mon-compte/mot-de-passe")
    form = camille.form("/equipe/mon-compte/mot-de-passe").write("password", OTHER_PASSWORD)
    form.write("password_again", OTHER_PASSWORD).write("current_password", "pas le bon du tout")
    page = camille.send(form, 422)
    assert page.summary.select_one("a[href='#current_password']")
    form = page.form("/equipe/mon-compte/mot-de-passe").write("password", OTHER_PASSWORD)
    page = camille.send(form.write("password_again", OTHER_PASSWORD).write("current_password", PASSWORD))
    assert "Votre nouveau mot de passe est enregistré" in page.text
    assert camille.is_in
    assert not other.is_in


def test_guessing_the_present_password_is_limited_like_a_sign_in(team: Team) -> None:
    camille = team.signed_in()
    camille.open("/equipe/mon-compte/mot-de-passe")
    for typed in ["pas le bon du tout"] * 5 + [PASSWORD]:
        form = camille.form("/equipe/mon-compte/mot-de-passe").write("password", OTHER_PASSWORD)
        camille.send(form.write("password_again", OTHER_PASSWORD).write("current_password", typed), 422)


def test_another_telephone_takes_the_place_of_the_first(team: Team) -> None:
    camille = team.signed_in()
    camille.open("/equipe/mon-compte/telephone")
    page = camille.confirm()
    assert page.h1 == "Changez de téléphone"
    seed = page.soup.select_one(".key code").get_text().replace(" ", "")
    page = camille.send(page.form("/equipe/mon-compte/telephone").write("code", "000000"), 422)
    assert page.soup.select_one(".key code").get_text().replace(" ", "") == seed
    code = pyotp.TOTP(seed).at(team.now())
    assert "nouveau téléphone" in camille.send(page.form("/equipe/mon-compte/telephone").write("code", code)).text
    camille.send(camille.form("/equipe/deconnexion"))
    camille.give_password()
    camille.give_code(status=422)
    camille.seed = seed
    team.later(seconds=30)
    assert camille.give_code().h1 == "Bonjour Camille"


def test_new_recovery_codes_replace_the_old_ones(team: Team) -> None:
    camille = team.signed_in()
    camille.open("/equipe/mon-compte/codes")
    page = camille.send(camille.confirm().form("/equipe/mon-compte/codes"))
    codes = [tag.get_text() for tag in page.soup.select(".recovery-codes code")]
    assert len(codes) == 10
    assert not set(codes) & set(camille.codes)
    assert "10 codes vous restent" in camille.open("/equipe/mon-compte").text
    camille.send(camille.form("/equipe/deconnexion"))
    for code, status in ((camille.codes[0], 422), (codes[0], 200)):
        camille.give_password()
        camille.open("/equipe/connexion/secours")
        camille.send(camille.form("/equipe/connexion/secours").write("code", code), status)
    assert "9 codes vous restent" in camille.open("/equipe/mon-compte").text
    with team.database.reading() as session:
        assert len(session.exec(select(RecoveryCode)).all()) == 10
