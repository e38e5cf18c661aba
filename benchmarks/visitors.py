"""Somebody who asks to be contacted, again and again: the real form, a cookie, a connection kept alive."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import parse_qs, urlencode

from guide.days import now
from guide.secrecy import new_form_key, read_form_key
from guide.settings import DEVELOPMENT_SECRET

_PATIENCE = 30  # seconds before a connection is given up
_HIDDEN = re.compile(r'name="(csrf_token|form_key|commune|commune_vue)" value="([^"]*)"')
_OFFERED = re.compile(r'name="structures" value="([^"]+)"')
_LINK = re.compile(r"/suivi/([^/]+)/recue$")
UNREACHABLE = (OSError, HTTPException)  # refused, cut, or answered by half


@dataclass(slots=True)
class Submission:
    """One request that somebody sent: what nobody else says, its form, and the secret link once it is acknowledged."""

    words: str
    form_key: str
    email: str | None = None
    structures: tuple[str, ...] = ()
    link: str | None = None
    address: str = "/demande"
    body: bytes = b""
    cookie: str = ""
    statuses: list[int] = field(default_factory=list)  # of the answers that acknowledged nothing


class Visitor:
    """A browser: one connection, one cookie."""

    def __init__(self, host: str) -> None:
        self._connection = HTTPConnection(host, timeout=_PATIENCE)
        self._cookie = ""

    def close(self) -> None:
        self._connection.close()

    def fill_in(self, number: int, address: str) -> Submission:
        """Open the form and fill it in; one person out of three has no address. Raise UNREACHABLE."""
        _, page = self._ask("GET", address)
        hidden = dict(_HIDDEN.findall(page))
        structures = tuple(_OFFERED.findall(page)[:2])
        words = f"Essai numéro {number} : un café de village"
        contact = {"phone": f"0612{number:06}"} if number % 3 == 0 else {"email": f"essai{number}@exemple.fr"}
        typed = {"name": "Camille Fictif", "words": words, "call_when": "matin", "structures": structures, **contact}
        sent = {**hidden, "commune_texte": hidden["commune_vue"], **typed, "etape": "envoyer", "confirmed": "1"}
        key = read_form_key(DEVELOPMENT_SECRET, hidden["form_key"], now())
        assert key is not None
        return Submission(
            words=words,
            form_key=key[0],
            email=contact.get("email"),
            structures=structures,
            address=address,
            body=urlencode(sent, doseq=True).encode(),
            cookie=self._cookie,
        )

    def send(self, submission: Submission) -> str | None:
        """Send, or send again, the very same form; keep and return the secret link. Raise UNREACHABLE."""
        self._cookie = submission.cookie
        status, location = self._ask("POST", submission.address, submission.body)
        link = _LINK.search(location)
        if status != 303 or link is None:
            submission.statuses.append(status)
            return None
        submission.link = submission.link or link.group(1)
        return link.group(1)

    def _ask(self, method: str, address: str, body: bytes | None = None) -> tuple[int, str]:
        """The status, with where it leads or else the page."""
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, address, body, headers)
            answer = self._connection.getresponse()
            if cookie := answer.getheader("Set-Cookie"):
                self._cookie = cookie.split(";")[0]
            if answer.status == 303:  # acknowledged as soon as it says where to go, whatever becomes of its page
                with suppress(*UNREACHABLE):
                    answer.read()
                return answer.status, answer.getheader("Location", "")
            return answer.status, answer.read().decode()
        except UNREACHABLE:
            self._connection.close()  # the next question opens another one
            raise


def mint_bodies(host: str, address: str, how_many: int, first: int) -> tuple[str, list[bytes]]:
    """The cookie of a form that was opened, and that form filled in many times, each with a key of its own."""
    visitor = Visitor(host)
    form = visitor.fill_in(first, address)
    visitor.close()
    fields = parse_qs(form.body.decode(), keep_blank_values=True)
    bodies = []
    for number in range(first, first + how_many):
        own = {"form_key": new_form_key(DEVELOPMENT_SECRET), "phone": "", "email": f"envoi{number}@exemple.fr"}
        bodies.append(urlencode(fields | own, doseq=True).encode())
    return form.cookie, bodies
