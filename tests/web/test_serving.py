"""The production server itself, for what no test client shows."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from guide.settings import ROOT
from tests.smtp import free_port

THREADS = 4
STALLED = (
    b"POST /demande HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100\r\n\r\nname=Cam"
)


def connect(port: int, process: subprocess.Popen[bytes]) -> socket.socket:
    while process.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError:  # not listening yet
            continue
    raise AssertionError("the server does not start")


def test_clients_that_fall_silent_in_the_middle_of_a_form_hold_nobody_else_up(tmp_path: Path) -> None:
    port = free_port()
    own = {"GUIDE_BIND": f"127.0.0.1:{port}", "GUIDE_INSTANCE": str(tmp_path), "GUIDE_DELIVER": "off"}
    environment = os.environ | own | {"GUIDE_WORKERS": "1", "GUIDE_SILENCE": "1"}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:guide.serving", "wsgi:app"]
    with (
        (tmp_path / "journal.txt").open("wb") as journal,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=journal, stderr=journal) as process,  # noqa: S603
        ExitStack() as stack,  # ends first: closes every connection, then the server
    ):
        stack.callback(process.send_signal, signal.SIGQUIT)
        for _ in range(THREADS):
            stack.enter_context(connect(port, process)).sendall(STALLED)
        asked = stack.enter_context(connect(port, process))
        asked.sendall(b"GET /sante HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert asked.recv(100).startswith(b"HTTP/1.1 200")
    assert b"Cam" not in (tmp_path / "journal.txt").read_bytes()
