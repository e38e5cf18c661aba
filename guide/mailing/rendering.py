"""Rendering: a template and its facts become a subject, a plain text and a sober HTML page."""

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from guide.models.outgoing import MailTemplate

_WIDTH = 72  # signs a line, so that a quoted answer still fits in 80
_SUBJECT = re.compile(r"Sujet\s: ")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a person reads."""

    subject: str
    text: str
    html: str


Render = Callable[[MailTemplate, Mapping[str, Any]], Rendered]


def renderer(environment: Environment) -> Render:
    """What renders, with the templates and the typography of the site."""

    def render(template: MailTemplate, facts: Mapping[str, Any]) -> Rendered:
        written = environment.get_template(f"mail/{template.value}.txt").render(facts)
        subject, _, text = written.lstrip().partition("\n")
        html = environment.get_template(f"mail/{template.value}.html").render(facts, subject=_SUBJECT.sub("", subject))
        return Rendered(_SUBJECT.sub("", subject).strip(), wrap(text), html)

    return render


def wrap(text: str) -> str:
    """Wrap the paragraphs of a plain text; a line that holds an address stays whole, so that it can be followed."""
    lines: list[str] = []
    for line in text.splitlines():
        if len(line) <= _WIDTH or "://" in line:
            lines.append(line.rstrip())
            continue
        body = line.lstrip(" ")
        margin = line[: len(line) - len(body)]
        following = margin + ("  " if body.startswith("- ") else "")
        lines += textwrap.wrap(
            body,
            _WIDTH,
            initial_indent=margin,
            subsequent_indent=following,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
