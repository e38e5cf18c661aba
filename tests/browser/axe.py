"""axe-core, read from the package that carries it, run without any help from outside."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

_SOURCE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EVERY_RULE: dict[str, Any] = {"runOnly": _TAGS, "rules": {"target-size": {"enabled": True}}}
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe-core refuses on the page as it stands, one line per element."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_SOURCE)
    found = page.evaluate("options => axe.run(document, { ...options, resultTypes: ['violations'] })", options)
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}\n    {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
