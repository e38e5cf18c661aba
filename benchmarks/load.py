"""``make load``: requests a second of the production server, each page beside the same template fed with ready data.

Five rounds, page and reference in turn so that a noisy machine troubles both alike. The rates are those of the best
round: the kernel shares connections unevenly between gthread workers, which halves a round or not, by chance. The ratio
is the median of those of the rounds: on a shared machine it stays within a tenth, that of the best rounds doubles.
A request that is sent is measured beside a bare view that inserts one row: see benchmarks/reference.py.
Needs wrk (Debian: apt-get install wrk). Everything stays on 127.0.0.1.
"""

import re
import shutil
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.production import serving
from benchmarks.reference import FORM, PAGES, SAID, TALK
from benchmarks.visitors import mint_bodies

ROUNDS, SECONDS, CONNECTIONS = 5, 1, 32
WRITERS, WRITING_SECONDS, BODIES = 8, 2, 4000
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_SLOWEST = re.compile(r"99%\s+([\d.]+)(us|ms|s)")
_REFUSED = re.compile(r"Non-2xx or 3xx responses: (\d+)")
_MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000}
_SEND = """
local bodies, sent = {{}}, 0
for line in io.lines("{bodies}") do bodies[#bodies + 1] = line end
request = function()
  sent = sent + 1
  return wrk.format("POST", nil, {{ ["Cookie"] = "{cookie}", ["Content-Type"] = "application/x-www-form-urlencoded" }},
    bodies[(sent - 1) % #bodies + 1])
end
"""
_SAY = f"""
wrk.method, wrk.body = "POST", "{SAID}"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What wrk obtained."""

    rate: float  # requests a second
    slowest: float  # milliseconds that 99 requests out of 100 do not exceed


def measure(address: str, *more: str, connections: int = CONNECTIONS, seconds: int = SECONDS) -> Measured:
    """Ask as fast as it answers, refusing an answer that is not a success."""
    command = ["wrk", "-t1", "--latency", f"-c{connections}", f"-d{seconds}s", *more, address]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if refused := _REFUSED.search(printed):
        raise SystemExit(f"{address} : {refused.group(1)} réponses en erreur")
    rate, slowest = _RATE.search(printed), _SLOWEST.search(printed)
    if rate is None or slowest is None:
        raise SystemExit(f"{address} : wrk n’a rien mesuré\n{printed}")
    return Measured(float(rate.group(1)), float(slowest.group(1)) * _MILLISECONDS[slowest.group(2)])


def compare(name: str, rounds: list[tuple[float, float]]) -> str:
    """A line of the table: both rates, and their ratio."""
    measured, reference = (max(rates) for rates in zip(*rounds, strict=True))
    ratio = statistics.median(one / other for one, other in rounds)
    return f"{name:16}{measured:8.0f}{reference:11.0f}{ratio:9.2f}"


def measure_pages(base: str) -> None:
    hello = max(measure(f"{base}/reference/hello").rate for _ in range(ROUNDS))
    print(f"vue « bonjour » nue : {hello:.0f} requêtes par seconde\n")
    print(f"{'page':16}{'req/s':>8}{'référence':>11}{'rapport':>9}{'du « bonjour »':>16}")
    for number, (name, path) in enumerate(PAGES.items()):
        rounds = [(measure(base + path).rate, measure(f"{base}/reference/{number}").rate) for _ in range(ROUNDS)]
        print(f"{compare(name, rounds)}{max(page for page, _ in rounds) / hello:16.2f}")


def measure_talk(base: str, folder: Path) -> None:
    """Say the same sentence to the assistant, beside its page rendered from a ready answer."""
    (folder / "say.lua").write_text(_SAY)
    say, ready = ("-s", str(folder / "say.lua")), f"{base}/reference/{len(PAGES)}"
    rounds = [(measure(base + TALK, *say).rate, measure(ready).rate) for _ in range(ROUNDS)]
    print(compare("assistant", rounds))


def measure_writes(host: str, folder: Path) -> None:
    """Send the real form, each time with a key of its own, beside a bare write."""
    base, written, bare = f"http://{host}", [], []
    for number in range(ROUNDS):
        cookie, bodies = mint_bodies(host, FORM, BODIES, number * BODIES)
        (folder / "bodies").write_bytes(b"\n".join(bodies))
        (folder / "send.lua").write_text(_SEND.format(bodies=folder / "bodies", cookie=cookie))
        send = ("-s", str(folder / "send.lua"))
        written.append(measure(base + FORM, *send, connections=WRITERS, seconds=WRITING_SECONDS))
        bare.append(measure(f"{base}/reference/write", *send, connections=WRITERS, seconds=WRITING_SECONDS))
    print("\n" + compare("envoi", [(one.rate, other.rate) for one, other in zip(written, bare, strict=True)]))
    slowest = sorted(each.slowest for each in written)
    print(f"à {WRITERS} personnes, 99 envois sur 100 durent moins de {slowest[len(slowest) // 2]:.0f} ms", end=" ")
    print(f"(au pire des {ROUNDS} tours : {slowest[-1]:.0f} ms)")


def main() -> int:
    if not shutil.which("wrk"):
        print("Il faut wrk : sudo apt-get install wrk (Debian, Ubuntu).")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        with serving(instance, application="benchmarks.reference:make_app()") as server:
            measure_pages(server.address)
            measure_talk(server.address, instance)
            measure_writes(server.host, instance)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
