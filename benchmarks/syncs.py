"""How many times the disk is asked to keep what was written, for one acknowledgement: what a power cut depends on.

One person sends, so that no commit is shared; strace counts in the processes that write: the server on SQLite, the
database on PostgreSQL. At least one for each acknowledgement.
"""

import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.production import children, serving
from benchmarks.reference import ANSWERS
from benchmarks.visitors import Visitor
from tests.databases import OwnPostgres

_SENT = 50
_FIRST_NUMBER = 900_000  # away from what was sent before
_COUNTED = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s.*\bf(?:data)?sync$", re.MULTILINE)


def syncs_per_acknowledgement(database_url: str, instance: Path, postgres: OwnPostgres | None) -> str:
    """Count, and say it in a line; say why when it cannot be counted."""
    if not shutil.which("strace"):
        return "synchronisations par acquittement : non mesurées (il faut strace : sudo apt-get install strace)"
    with serving(instance, database_url=database_url) as server:
        # The connections of a server that was just started are yet to come: they are children of PostgreSQL.
        writers = [postgres.pid] if postgres else [server.pid, *children(server.pid)]
        counted = _count(writers, lambda: _send(server.host))
    if counted is None:
        return "synchronisations par acquittement : non mesurées (strace n’a pas pu s’attacher)"
    return f"synchronisations par acquittement : {counted / _SENT:.2f} (sur {_SENT} envois, un à la fois)"


def _send(host: str) -> None:
    visitor = Visitor(host)
    for number in range(_FIRST_NUMBER, _FIRST_NUMBER + _SENT):
        assert visitor.send(visitor.fill_in(number, f"/demande?{ANSWERS}")), "nothing was acknowledged"
    visitor.close()


def _count(writers: list[int], work: Callable[[], None]) -> int | None:
    """Follow processes, and those that they start, while something is done; None when it is not allowed."""
    with tempfile.NamedTemporaryFile() as summary:
        command = ["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", summary.name]
        command += [f"--attach={pid}" for pid in writers]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
            assert strace.stderr is not None
            left = set(writers)
            while left and (line := strace.stderr.readline()):
                left -= {pid for pid in left if re.search(rf"Process {pid} attached", line)}
            if left:
                return None
            work()
            strace.send_signal(signal.SIGINT)
            strace.stderr.read()
        return sum(int(calls) for calls in _COUNTED.findall(Path(summary.name).read_text()))
