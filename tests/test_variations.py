"""What people do to the same sentence: accents forgotten, letters swapped, SMS, words in another order.

Each variation is drawn from a seed, so that a failure can be seen again.
"""

import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from guide.assistant.dialogue import reply
from guide.assistant.models import Context
from guide.content.base import KnowledgeBase
from guide.profile import Profile
from guide.understanding.words import bare

SEED = 62
ON = date(2026, 11, 24)
MESSAGES: list[dict[str, Any]] = [
    line
    for name in ("collines", "dunes")
    for line in yaml.safe_load((Path(__file__).parent / "golden_questions" / f"{name}.yaml").read_text("utf-8"))
    if line["style"] in ("plain", "formal") and line["expected"] and line["kind"] in ("need", "dispositif", "territory")
]
SMS = (("qu", "k"), ("pour ", "pr "), ("avec ", "avc "), ("beaucoup", "bcp"), ("association", "asso"), ("je ", "j"))


def without_accents(text: str, _: random.Random) -> str:
    return bare(text)


def with_a_slip(text: str, draw: random.Random) -> str:
    """Swap two letters in the middle of one long word."""
    words = list(re.finditer(r"[^\W\d_]{7,}", text))
    if not words:
        return text
    word = draw.choice(words)
    at = draw.randrange(word.start() + 2, word.end() - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def as_sms(text: str, _: random.Random) -> str:
    text = text.lower()
    for long, short in SMS:
        text = text.replace(long, short)
    return text


def with_a_letter_again(text: str, draw: random.Random) -> str:
    words = list(re.finditer(r"[^\W\d_]{6,}", text))
    if not words:
        return text
    at = draw.choice(words).start() + 3
    return text[:at] + text[at] * 2 + text[at:]


def in_another_order(text: str, _: random.Random) -> str:
    """Say the last part of the sentence first."""
    parts = re.split(r"(?<=[,;:])\s+", text, maxsplit=1)
    return " ".join(reversed(parts))


def shouted(text: str, _: random.Random) -> str:
    return text.upper()


def found(text: str, expected: list[list[str]], knowledge: KnowledgeBase) -> bool:
    answer = reply(text, Profile(), Context(), knowledge, ON)
    return any(match.id in expected[0] for match in answer.matches[:3])


@pytest.mark.parametrize(
    ("vary", "least"),
    [
        (without_accents, 0.95),
        (with_a_slip, 0.85),
        (as_sms, 0.85),
        (with_a_letter_again, 0.90),
        (in_another_order, 0.90),
        (shouted, 0.90),
    ],
)
def test_what_was_understood_still_is(
    vary: Callable[[str, random.Random], str], least: float, knowledge: KnowledgeBase
) -> None:
    draw = random.Random(SEED)  # noqa: S311 - a seeded draw, and nothing secret
    right = [line for line in MESSAGES if found(line["text"], line["expected"], knowledge)]
    still = [line for line in right if found(vary(line["text"], draw), line["expected"], knowledge)]
    assert len(right) >= 80
    assert len(still) / len(right) >= least, [line["id"] for line in right if line not in still]
