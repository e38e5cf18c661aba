"""Handing a message over: in clear only when asked, one recipient, files for their owner alone."""

import datetime as dt
import ipaddress
import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guide.mailing import poster
from guide.mailing.posting import Post, RefusedError, UnreachableError, compose
from tests.mail.conftest import NOON, made_settings, sending_to
from tests.smtp import MailServer, free_port, mail_server

PASSWORD = "sesame-ouvre-toi"  # noqa: S105 - of the server of these tests


def send(post: Post, recipient: str = "camille@personne.example") -> None:
    post(
        compose(
            sender="Guide ESS 62 <guide@departement.example>",
            recipient=recipient,
            subject="Votre demande est bien arrivée à l’accueil",
            text="Bonjour,\n\nÀ bientôt\u00a0!\n",
            html="<p>À bientôt\u00a0!</p>",
            message_id="<0193@guide.example>",
            at=NOON,
        )
    )


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1, and its key in the same file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "essai")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def encryption(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def test_a_message_arrives_as_it_was_written(server: MailServer, tmp_path: Path) -> None:
    send(poster(sending_to(server, tmp_path)))
    [received] = server.received
    assert received.recipients == ["camille@personne.example"]
    assert received.text == "Bonjour,\n\nÀ bientôt\u00a0!\n"
    assert received.html.strip() == "<p>À bientôt\u00a0!</p>"
    assert {name: received.message[name] for name in ("From", "To", "Subject", "Message-ID", "Auto-Submitted")} == {
        "From": "Guide ESS 62 <guide@departement.example>",
        "To": "camille@personne.example",
        "Subject": "Votre demande est bien arrivée à l’accueil",
        "Message-ID": "<0193@guide.example>",
        "Auto-Submitted": "auto-generated",
    }
    assert received.message["Date"].datetime == NOON
    assert not received.encrypted


def test_starttls_encrypts_and_signs_in(
    tmp_path: Path, certificate: Path, encryption: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(starttls=encryption, password=PASSWORD) as server:
        send(poster(sending_to(server, tmp_path, smtp_security="starttls", smtp_user="guide", smtp_password=PASSWORD)))
    assert [(each.encrypted, each.user) for each in server.received] == [(True, "guide")]


def test_tls_encrypts_from_the_first_word(
    tmp_path: Path, certificate: Path, encryption: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(tls=encryption) as server:
        send(poster(sending_to(server, tmp_path, smtp_security="tls")))
    assert len(server.received) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, encryption: ssl.SSLContext, security: str
) -> None:
    contexts = {security: encryption}
    with (
        mail_server(starttls=contexts.get("starttls"), tls=contexts.get("tls")) as server,
        pytest.raises(UnreachableError, match="SSLCertVerificationError"),
    ):
        send(poster(sending_to(server, tmp_path, smtp_security=security)))
    assert server.tried == 0


def test_nothing_leaves_in_clear_when_the_server_cannot_encrypt(server: MailServer, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="SMTPNotSupportedError"):
        send(poster(sending_to(server, tmp_path, smtp_security="starttls")))
    assert server.tried == 0


WRONG = {"autre": "SMTPAuthenticationError 535", "sésame": "UnicodeEncodeError"}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_password_is_told_without_it(
    tmp_path: Path, certificate: Path, encryption: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, *, wrong: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(starttls=encryption, password=PASSWORD) as server, pytest.raises(UnreachableError) as caught:
        send(poster(sending_to(server, tmp_path, smtp_security="starttls", smtp_user="guide", smtp_password=wrong)))
    assert str(caught.value) == WRONG[wrong]


def test_what_went_wrong_is_told_by_its_kind_alone(server: MailServer, tmp_path: Path) -> None:
    server.answer = "552 Too much from camille@personne.example"
    with pytest.raises(RefusedError) as caught:
        send(poster(sending_to(server, tmp_path)))
    assert (str(caught.value), caught.value.kind) == ("SMTPDataError 552", "SMTPDataError 552")
    with pytest.raises(UnreachableError, match=r"^ConnectionRefusedError$"):
        send(poster(sending_to(free_port(), tmp_path)))


def test_without_a_server_mails_are_files_for_their_owner_alone(tmp_path: Path) -> None:
    settings = made_settings(tmp_path)
    send(poster(settings))
    send(poster(settings))  # the same mail tried again is the same file
    [path] = list(settings.mails.iterdir())
    assert path.name == "0193.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.mails.stat().st_mode) == 0o700
    assert b"Message-ID: <0193@guide.example>" in path.read_bytes()


def test_a_folder_that_cannot_be_written_is_a_server_that_cannot_be_reached(tmp_path: Path) -> None:
    settings = made_settings(tmp_path)
    settings.instance.write_text("un fichier à la place du dossier")
    with pytest.raises(UnreachableError, match=r"NotADirectoryError|FileExistsError"):
        send(poster(settings))
