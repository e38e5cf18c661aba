"""Find a Chromium for the browser tests: one of this machine, else Debian's package when root, else say what to do.

``python -m tests.browser.chromium`` prints its path and fails, loudly, when there is none.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WHAT_TO_DO = """Aucun Chromium sur cette machine : les tests de navigateur ne peuvent pas tourner.
Installez-en un (Debian, Ubuntu : sudo apt-get install chromium), ou indiquez le vôtre :
  make test CHROMIUM=/chemin/vers/chromium"""


def find_chromium() -> str | None:
    """The browser named by CHROMIUM, else the first one of the machine."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def install_chromium() -> None:
    """Install Debian's package; possible only as root, where apt-get is."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *command], env=environment, stdout=sys.stderr, check=True)  # noqa: S603, S607


def main() -> int:
    """Print the path of a browser, after installing one if need be."""
    if find_chromium() is None:
        install_chromium()
    found = find_chromium()
    print(found or WHAT_TO_DO, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    raise SystemExit(main())
