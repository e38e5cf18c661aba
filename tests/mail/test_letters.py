"""What people read: every mail, as plain text and as HTML, in French, with nothing left to fill in."""

import email
import email.policy
import re
from datetime import timedelta
from email.message import EmailMessage

import html5lib
import pytest
from bs4 import BeautifulSoup

from guide.models.journal import LineKind
from guide.models.outgoing import MailTemplate
from guide.models.referral import Body, ReferralState
from guide.models.staff import Role
from guide.settings import ROOT
from tests.mail.conftest import NOON, PUBLIC, Office, a_line, a_referral, an_account
from tests.smtp import Received

DOCUMENT = ROOT / "docs" / "courriels.md"
TO_TEAM = (
    MailTemplate.NEW_REQUEST,
    MailTemplate.PERSON_WROTE,
    MailTemplate.WITHDRAWN,
    MailTemplate.ERASED,
    MailTemplate.REVIEW_LATE,
    MailTemplate.CONTACT_LATE,
    MailTemplate.COLLEAGUES_NEEDED,
    MailTemplate.NO_ANSWER,
)
TO_ONE_ACCOUNT = (
    MailTemplate.STAFF_INVITATION,
    MailTemplate.PASSWORD_RESET,
    MailTemplate.APPOINTMENT_OF_TEAM,
    MailTemplate.DIGEST,
)
WITH_LINK = frozenset(MailTemplate) - {MailTemplate.CODE, MailTemplate.ERASED}
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "{{7*7}}",
    "{% for x in y %}",
    "${7*7}",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>clic</a>",
    "</p></main></body><h1>faux</h1>",
    "&lt;b&gt; & &amp;",
    "<style>*{display:none}</style>",
    "<!-- --><iframe src=//ailleurs.example>",
)


def written(desk: Office) -> list[Received]:
    """Deliver what waits, and read the files."""
    desk.deliver()
    found = []
    for path in sorted(desk.settings.mails.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append(Received([message["To"]], message, encrypted=False, user=None))
    return found


def one(desk: Office, template: MailTemplate, **changes: object) -> Received:
    """One mail of each kind, about a request that has everything."""
    account = an_account(name="Léa Agente")
    desk.keep(account)
    referral = a_referral(assigned_to=account.id, assigned_body=Body.APES, **changes)
    desk.keep(referral)
    line = a_line(referral, "Bonjour,\nVoici.\n\nÀ bientôt", staff_id=account.id, to_state="assigned")
    desk.keep(line)
    named = account.id if template in TO_ONE_ACCOUNT else None
    desk.announce(template, referral, line_id=line.id, account_id=named)
    [mail] = written(desk)
    return mail


def soup_of(mail: Received) -> BeautifulSoup:
    html5lib.HTMLParser(strict=True).parse(mail.html)
    return BeautifulSoup(mail.html, "html5lib")


def shown(mail: Received) -> str:
    """What the HTML says, on one line."""
    body = soup_of(mail).body
    assert body is not None
    return flat(body.get_text())


def flat(text: str) -> str:
    """A text on one line; spaces that do not break stay."""
    return re.sub(r"[ \n]+", " ", text)


@pytest.mark.parametrize("template", MailTemplate)
def test_every_mail_is_whole_in_both_versions(desk: Office, template: MailTemplate) -> None:
    mail = one(desk, template)
    assert mail.message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.message.iter_parts()] == ["text/plain", "text/html"]
    soup = soup_of(mail)
    assert soup.html is not None
    assert soup.html["lang"] == "fr"
    assert soup.title is not None
    assert soup.title.string == mail.message["Subject"]
    for text in (mail.message["Subject"], mail.text, shown(mail)):
        assert text.strip()
        assert not re.search(r"\{\{|\}\}|\{%|%\}|None|Undefined|Sujet|\[\]|\(\)", text)
        assert not re.search(r"\w'\w", text), "apostrophe droite"
        assert not re.search(r" [:;!?»]|« ", text), "espace sécable"
        assert not re.search(r"\.\.\.|  \S+  ", text)
    assert mail.text.startswith("Bonjour")
    assert "Guide ESS 62" in mail.text
    assert not re.search(r"\n{3}|[ \t]\n", mail.text)
    assert all(len(line) <= 72 or "://" in line for line in mail.text.splitlines())


@pytest.mark.parametrize("template", MailTemplate)
def test_the_html_is_sober_and_asks_for_nothing_elsewhere(desk: Office, template: MailTemplate) -> None:
    mail = one(desk, template)
    soup = soup_of(mail)
    assert not soup.select("img, script, link, iframe, form, object, video, audio, table, [style], [src], [onclick]")
    assert "url(" not in mail.html
    assert "@import" not in mail.html
    assert soup.select("meta[name='color-scheme'][content='light dark']")
    assert len(mail.message.as_bytes()) < 12_000


@pytest.mark.parametrize("template", MailTemplate)
def test_every_link_starts_with_the_public_address_and_both_versions_have_it(
    desk: Office, template: MailTemplate
) -> None:
    mail = one(desk, template)
    in_text = re.findall(r"https?://\S+", mail.text)
    in_html = [link["href"] for link in soup_of(mail).select("a")]
    assert in_text
    assert all(str(link).startswith(f"{PUBLIC}/") for link in [*in_text, *in_html])
    assert set(in_text) == set(in_html)
    assert (len(set(in_text)) == 2) == (template in WITH_LINK)


@pytest.mark.parametrize("template", MailTemplate)
def test_both_versions_say_the_same_things(desk: Office, template: MailTemplate) -> None:
    mail = one(desk, template)
    text, html = (set(re.findall(r"\w{4,}", said.lower())) for said in (mail.text, shown(mail)))
    assert len(text & html) > 0.8 * len(text)


@pytest.mark.parametrize("template", TO_TEAM)
def test_what_the_team_receives_says_nothing_of_the_person(desk: Office, template: MailTemplate) -> None:
    mail = one(desk, template)
    whole = f"{mail.message['Subject']} {mail.text} {mail.html}".lower()
    assert "ess-7k3p9q" in whole
    for personal in ("camille", "marqueur", "personne.example", "33321000000", "projetsecret", "motsintimes", "voici"):
        assert personal not in whole


def test_a_new_request_says_where_and_what_for(desk: Office) -> None:
    mail = one(desk, MailTemplate.NEW_REQUEST, to_watch=True)
    for said in (mail.text, shown(mail)):
        words = flat(said)
        assert "Arras" in words
        assert "Trouver de l’argent pour démarrer" in words
        assert "mardi 24 novembre à 13\u00a0h" in words
        assert "À regarder de près" in words
    assert f"{PUBLIC}/equipe/dossiers/ESS-7K3P9Q" in mail.text


def test_a_request_without_place_or_needs_says_so(desk: Office) -> None:
    mail = one(desk, MailTemplate.NEW_REQUEST, epci=None, needs=["inconnu"])
    assert "non précisée" in mail.text
    assert "non précisés" in mail.text
    assert "À regarder" not in mail.text


def test_who_asked_is_told_what_happens_next_and_by_when(desk: Office) -> None:
    mail = one(desk, MailTemplate.REQUEST_RECEIVED)
    for said in (mail.text, shown(mail)):
        words = flat(said)
        assert "Bonjour Camille Marqueur," in words
        assert "au plus tard le jeudi 26 novembre" in words
        assert "Mission ESS (économie sociale et solidaire)" in words
        assert "Retirer ma demande" in words
        assert "30 jours" in words


def test_a_day_that_is_over_is_not_promised(desk: Office) -> None:
    mail = one(desk, MailTemplate.REQUEST_RECEIVED, received_at=NOON - timedelta(days=9))
    assert "au plus tard" not in mail.text
    assert "lit votre demande." in mail.text


def test_a_message_is_sent_whole_with_its_lines_and_its_writer(desk: Office) -> None:
    mail = one(desk, MailTemplate.STAFF_WROTE)
    assert "Léa vous a écrit" in mail.text
    assert "    Bonjour,\n    Voici.\n\n    À bientôt\n" in mail.text
    quote = soup_of(mail).blockquote
    assert quote is not None
    assert [" ".join(each.get_text(" ").split()) for each in quote.select("p")] == ["Bonjour, Voici.", "À bientôt"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ReferralState.RECEIVED, "bien parvenue"),
        (ReferralState.REVIEWED, "a lu votre demande"),
        (ReferralState.ASSIGNED, "confiée à Léa, de l’APES (Acteurs pour une économie solidaire)"),
        (ReferralState.CONTACTED, "pris contact avec vous"),
        (ReferralState.MET, "nous sommes rencontrés"),
        (ReferralState.CLOSED, "est close"),
    ],
)
def test_a_change_of_state_is_told_in_plain_words(desk: Office, state: ReferralState, words: str) -> None:
    account = an_account()
    desk.keep(account)
    referral = a_referral(assigned_to=account.id, assigned_body=Body.APES)
    desk.keep(referral)
    line = a_line(referral, None, kind=LineKind.MOVED, to_state=state.value)
    desk.keep(line)
    desk.announce(MailTemplate.STATE_CHANGED, referral, line_id=line.id)
    [mail] = written(desk)
    assert words in flat(mail.text)
    assert words in shown(mail)
    assert not soup_of(mail).blockquote


def test_without_a_line_the_state_itself_is_told(desk: Office) -> None:
    referral = a_referral(state=ReferralState.ASSIGNED)
    desk.keep(referral)
    desk.announce(MailTemplate.STATE_CHANGED, referral)
    [mail] = written(desk)
    assert "confiée à une personne qui va prendre contact" in flat(mail.text)


def test_what_the_person_may_not_read_is_not_mailed(desk: Office) -> None:
    referral, other = a_referral(), a_referral(reference="ESS-AUTRE1", email="autre@personne.example")
    desk.keep(referral, other)
    hidden, elsewhere = a_line(referral, "Noteinterne", visible=False), a_line(other, "Noteinterne")
    desk.keep(hidden, elsewhere)
    for line in (hidden, elsewhere):
        for template in (MailTemplate.CLOSED, MailTemplate.STATE_CHANGED, MailTemplate.STAFF_WROTE):
            desk.announce(template, referral, line_id=line.id)
    mails = written(desk)
    assert len(mails) == 4  # a message that is not for the person is no message at all
    assert not any("noteinterne" in f"{mail.text}{mail.html}".lower() for mail in mails)


@pytest.mark.parametrize("template", [MailTemplate.CLOSED, MailTemplate.STATE_CHANGED])
def test_a_move_is_mailed_with_the_message_written_with_it_and_not_with_its_label(
    desk: Office, template: MailTemplate
) -> None:
    account = an_account()
    desk.keep(account)
    referral = a_referral()
    desk.keep(referral)
    earlier = a_line(referral, "Ancienmot", staff_id=account.id, at=NOON - timedelta(days=1))
    note = a_line(referral, "Noteinterne", staff_id=account.id, kind=LineKind.NOTE, visible=False)
    word = a_line(referral, "Bonne route !", staff_id=account.id)
    move = a_line(referral, "Injoignable", staff_id=account.id, kind=LineKind.MOVED, to_state="closed")
    desk.keep(earlier, note, word, move)
    desk.announce(template, referral, line_id=move.id)
    [mail] = written(desk)
    assert "    Bonne route !\n" in mail.text
    for other in ("Ancienmot", "Noteinterne", "Injoignable"):
        assert other not in mail.text + mail.html


def test_a_closing_without_a_message_still_says_what_remains(desk: Office) -> None:
    referral = a_referral()
    desk.keep(referral)
    desk.announce(MailTemplate.CLOSED, referral)
    [mail] = written(desk)
    assert not soup_of(mail).blockquote
    assert "30 jours" in mail.text


def test_an_invitation_says_the_role_and_for_how_long(desk: Office) -> None:
    account = an_account(name="Zoé d’Artois", role=Role.ADVISER, password_hash=None)
    desk.keep(account)
    desk.announce(MailTemplate.STAFF_INVITATION, account_id=account.id)
    [mail] = written(desk)
    for said in (flat(mail.text), shown(mail)):
        assert "Bonjour Zoé," in said
        assert "Conseiller ou conseillère APES" in said
        assert "7 jours" in said


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("template", [MailTemplate.STAFF_WROTE, MailTemplate.CLOSED])
def test_what_people_typed_stays_text(desk: Office, payload: str, template: MailTemplate) -> None:
    account = an_account(name=payload)
    desk.keep(account)
    referral = a_referral(name=payload, project_name=payload)
    desk.keep(referral)
    line = a_line(referral, f"Avant\n{payload}\naprès", staff_id=account.id)
    desk.keep(line)
    desk.announce(template, referral, line_id=line.id)
    [mail] = written(desk)
    soup = soup_of(mail)
    assert not soup.select("script, img, svg, iframe, blockquote a, blockquote h1, blockquote style, main > h1")
    assert len(soup.select("style")) == 1
    quote = soup.blockquote
    assert quote is not None
    assert payload in quote.get_text()
    assert payload in mail.text
    assert _squeezed(f"Bonjour {payload},") in _squeezed(soup.get_text())
    assert _squeezed(f"Bonjour {payload},") in _squeezed(mail.text)


def _squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", ["http://ailleurs.example/gain", "www.ailleurs.example", "ecrire@ailleurs.example"])
def test_a_name_is_never_a_link(desk: Office, name: str) -> None:
    mail = one(desk, MailTemplate.REQUEST_RECEIVED, name=name)
    for said in (mail.text, mail.html):
        assert not re.search(r"\w[.@]ailleurs|ailleurs\.example|http://", said)


@pytest.mark.parametrize("name", ["\u202eelimaC", "a\x01b\x07", "\u200b", "x" * 120, "   "])
def test_a_strange_name_is_greeted_in_one_short_line(desk: Office, name: str) -> None:
    mail = one(desk, MailTemplate.NEW_LINK, name=name)
    greeting = mail.text.partition(",")[0]
    assert greeting.startswith("Bonjour")
    assert len(greeting) <= 90
    assert not re.search(r"[\u202e\u200b\x01\x07]", mail.text + mail.html)


def test_the_document_names_every_mail_and_every_setting(desk: Office) -> None:
    told = DOCUMENT.read_text(encoding="utf-8")
    names = [field for field in type(desk.settings).model_fields if field.startswith(("smtp_", "mail_", "mission_"))]
    assert [template.value for template in MailTemplate if f"| `{template.value}` |" not in told] == []
    assert [name for name in [*names, "deliver"] if f"`GUIDE_{name.upper()}`" not in told] == []


def test_every_template_is_the_one_of_a_mail() -> None:
    shared = {"layout", "components"}
    for ending in ("txt", "html"):
        found = {path.stem for path in (ROOT / "templates" / "mail").glob(f"*.{ending}")}
        assert found == shared | {template.value for template in MailTemplate}


def test_a_change_of_hands_tells_who_follows_and_not_why(desk: Office) -> None:
    account = an_account()
    desk.keep(account)
    referral = a_referral(state=ReferralState.MET, assigned_to=account.id)
    desk.keep(referral)
    line = a_line(referral, "Noteinterne", staff_id=account.id, kind=LineKind.HANDED)
    desk.keep(line)
    desk.announce(MailTemplate.STATE_CHANGED, referral, line_id=line.id)
    [mail] = written(desk)
    assert f"confiée à {account.first_name}" in flat(mail.text)
    assert "noteinterne" not in f"{mail.text}{mail.html}".lower()
