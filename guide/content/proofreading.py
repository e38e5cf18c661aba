"""Read the base again as a curator should: what stops nobody, and deserves another look."""

from collections.abc import Iterator
from datetime import date

from guide.content import words
from guide.content.base import KnowledgeBase
from guide.content.findings import Finding, find_in_file
from guide.content.findings import file_of as file_of_entry


def check_warnings(base: KnowledgeBase, today: date) -> list[Finding]:
    """List what a curator should look at, without stopping the service."""
    return [*_dates_gone_by(base, today), *words.check_owners(base)]


def _dates_gone_by(base: KnowledgeBase, today: date) -> Iterator[Finding]:
    dated = {file_of_entry(entry): entry.review_by for entry in base.entries.values()}
    for folder, items in (("practices", base.practices), ("projects", base.projects), ("places", base.places)):
        dated.update({f"{folder}/{item.id}.yaml": item.review_by for item in items.values()})
    for file, review_by in dated.items():
        if review_by < today:
            message = f"à relire depuis le {review_by:%d/%m/%Y} ; vérifier puis changer les dates"
            yield find_in_file(base, file, ("review_by",), message)
