"""The production server's own settings (``gunicorn --config python:guide.serving wsgi:app``)."""

import os
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from guide.settings import ROOT, Settings

_REFUSAL = (
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Demande mal formée · Guide ESS 62</title>'
    '<meta name="viewport" content="width=device-width"></head><body><main><h1>Demande mal formée</h1>'
    "<p>Le site n’a pas compris cette adresse\u00a0: elle est trop longue ou mal écrite.</p>"
    '<p><a href="/">Repartir de l’accueil</a></p></main></body></html>'
).encode()


_SILENCE = int(os.environ.get("GUIDE_SILENCE", "20"))  # seconds that a client may say nothing in mid-sentence


class FrenchWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """A gthread worker that refuses what it cannot even parse in French, and never logs it: it may quote a visitor."""

    def handle(self, conn: Any) -> Any:
        """Serve a connection, whose client must not fall silent: a telephone that loses its network holds a thread."""
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _SILENCE, 0))
        return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """Answer a request that is too long or not HTTP."""
        head = (
            "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n"
            f"Content-Length: {len(_REFUSAL)}\r\n\r\n"
        )
        try:
            client.sendall(head.encode() + _REFUSAL)
        except OSError:  # the client has gone: nobody is left to tell
            return


_DELIVERER_STOPS_WITHIN = 25  # seconds: a conversation with a mail server may have begun


def when_ready(server: Any) -> None:
    """Print the address to open, and start the one process that sends mails."""
    settings = Settings()
    if settings.deliver == "on":
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "mail", "deliver", "--watch"]
        server.deliverer = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--parent", str(os.getpid())],  # it also ends when we are killed
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C reaches it through on_exit alone, never in the middle of its start
        )
    sys.stdout.write(f"\nGuide ESS 62 : ouvrez {settings.public_url} (Ctrl+C pour arrêter)\n\n")
    sys.stdout.flush()


def on_exit(server: Any) -> None:
    """Let the process that sends mails finish the one it is sending; a slow one ends by itself after it."""
    deliverer: subprocess.Popen[bytes] | None = getattr(server, "deliverer", None)
    if deliverer is not None:
        deliverer.terminate()
        with suppress(subprocess.TimeoutExpired):
            deliverer.wait(_DELIVERER_STOPS_WITHIN)


worker_class = FrenchWorker
bind = os.environ.get("GUIDE_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("GUIDE_WORKERS", "2"))
threads = 4
preload_app = True  # the knowledge base is read once, and a fault in it stops the start
limit_request_line = 8190  # bytes: the longest answers fit in 2,000
keepalive = 5
graceful_timeout = 10
loglevel = "warning"
server_software = "guide"
