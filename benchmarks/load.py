"""``make load``: requests a second of the production server, each page beside the same template fed with ready data.

Five rounds, page and reference in turn so that a noisy machine troubles both alike. The best round of each is kept:
the kernel shares connections unevenly between gthread workers, which halves a round or not, by chance.
Needs wrk (Debian: apt-get install wrk). Everything stays on 127.0.0.1.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.reference import PAGES
from guide.settings import ROOT

ROUNDS, SECONDS, CONNECTIONS = 5, 1, 32
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_REFUSED = re.compile(r"Non-2xx or 3xx responses: (\d+)")


@contextmanager
def serving() -> Iterator[str]:
    """Start the production server on a free port, with the reference views; stop it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as instance:
        environment = os.environ | {
            "GUIDE_BIND": f"127.0.0.1:{port}",
            "GUIDE_PUBLIC_URL": base,
            "GUIDE_RATE_LIMITS": "off",
            "GUIDE_INSTANCE": instance,
            "GUIDE_DELIVER": "off",  # one process less on the cores that are measured
        }
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:guide.serving",
            "benchmarks.reference:make_app()",
        ]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        try:
            wait_for(f"{base}/sante")
            yield base
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(address: str) -> None:
    """Ask until the server answers, fifteen seconds at most."""
    pause = threading.Event()
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - an address of this machine
                return
        except OSError:
            pause.wait(0.1)
    raise SystemExit("Le serveur n’a pas démarré.")


def rate(address: str) -> float:
    """Requests a second that wrk obtains, refusing an answer that is not a success."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", address]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if refused := _REFUSED.search(printed):
        raise SystemExit(f"{address} : {refused.group(1)} réponses en erreur")
    found = _RATE.search(printed)
    return float(found.group(1)) if found else 0.0


def main() -> int:
    if not shutil.which("wrk"):
        print("Il faut wrk : sudo apt-get install wrk (Debian, Ubuntu).")
        return 1
    with serving() as base:
        hello = max(rate(f"{base}/reference/hello") for _ in range(ROUNDS))
        print(f"vue « bonjour » nue : {hello:.0f} requêtes par seconde\n")
        print(f"{'page':16}{'req/s':>8}{'référence':>11}{'rapport':>9}{'du « bonjour »':>16}")
        for number, (name, path) in enumerate(PAGES.items()):
            pairs = [(rate(base + path), rate(f"{base}/reference/{number}")) for _ in range(ROUNDS)]
            page, ready = (max(values) for values in zip(*pairs, strict=True))
            print(f"{name:16}{page:8.0f}{ready:11.0f}{page / ready:9.2f}{page / hello:16.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
