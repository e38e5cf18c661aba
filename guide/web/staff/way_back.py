"""Where to go after signing in: a page of the team, never another site."""

import re
from urllib.parse import urlsplit

HOME = "/equipe"
_PAGE = re.compile(r"/equipe(?:[/?][!-~]*)?")  # printable signs only: no space, no control character
_NOT_PAGES = ("/equipe/connexion", "/equipe/deconnexion", "/equipe/confirmation")


def way_back(asked: str | None) -> str:
    """A local path of the team's pages; its home when what was asked is anything else."""
    asked = asked or HOME
    path = urlsplit(asked).path if _PAGE.fullmatch(asked) else ""
    odd = not path or "//" in asked or "\\" in asked or ".." in asked or path.startswith(_NOT_PAGES)
    return HOME if odd else asked
