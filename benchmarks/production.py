"""The production server as its process manager sees it: started, asked whether it answers, stopped, killed."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from guide.settings import ROOT

_READY_WITHIN, _BETWEEN = 30, 0.02  # seconds
_STOPS_WITHIN = 20  # seconds; gunicorn lets requests end for 10
_WORKERS = 2


class Server:
    """gunicorn with the settings of production on a free port, without limits and without mails."""

    def __init__(self, instance: Path, *, database_url: str = "", application: str = "wsgi:app") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.host = f"127.0.0.1:{probe.getsockname()[1]}"
        self.address = f"http://{self.host}"
        self._command = [sys.executable, "-m", "gunicorn", "--config", "python:guide.serving", application]
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("GUIDE_")} | {
            "GUIDE_BIND": self.host,
            "GUIDE_PUBLIC_URL": self.address,
            "GUIDE_WORKERS": str(_WORKERS),
            "GUIDE_RATE_LIMITS": "off",
            "GUIDE_DELIVER": "off",  # one process less on the cores that are measured
            "GUIDE_INSTANCE": str(instance),
            "GUIDE_DATABASE_URL": database_url,
        }
        self.journal = instance / "journal.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def upgrade(self) -> None:
        """Make the schema, as ``make run`` does before it starts."""
        self.command("database", "upgrade")

    def command(self, *words: str) -> None:
        """Run one of the commands of the service, on the same instance."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        subprocess.run(command, cwd=ROOT, env=self._environment, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> float:
        """Start, in a process group of its own; return the seconds it took to answer."""
        begun = time.perf_counter()
        with self.journal.open("ab") as journal:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdout=journal,
                stderr=journal,
                start_new_session=True,
            )
        self._wait_until(self._answers)
        return time.perf_counter() - begun

    def stop(self) -> None:
        """Stop as a process manager does: what was begun is finished, in a reasonable time."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill the arbiter and its workers, all at once."""
        os.killpg(self.pid, signal.SIGKILL)
        assert self._process is not None
        self._process.wait()
        self._process = None

    def kill_a_worker(self, chance: random.Random) -> float:
        """Kill one worker; return the seconds before there are as many as before and the server answers."""
        begun, before = time.perf_counter(), children(self.pid)
        killed = chance.choice(before)
        os.kill(killed, signal.SIGKILL)
        self._wait_until(lambda: len(set(children(self.pid)) - {killed}) == _WORKERS and self._answers())
        return time.perf_counter() - begun

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/sante", timeout=2):  # noqa: S310 - our own http server
                return True
        except OSError:
            return False

    def _wait_until(self, done: Callable[[], bool]) -> None:
        pause = threading.Event()
        for _ in range(int(_READY_WITHIN / _BETWEEN)):
            if done():
                return
            pause.wait(_BETWEEN)
        raise SystemExit(f"Le serveur n’a pas démarré :\n{self.journal.read_text(errors='replace')[-2000:]}")


def children(pid: int) -> list[int]:
    """The processes that another one started."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in found.split()]


@contextmanager
def serving(instance: Path, **given: str) -> Iterator[Server]:
    """A server with its schema, answering; stopped at the end, even when it was killed meanwhile."""
    server = Server(instance, **given)
    server.upgrade()
    server.start()
    try:
        yield server
    finally:
        server.stop()
