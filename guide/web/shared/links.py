"""Where an identifier of the base leads: the page and the words of an entry, a practice, a term, a project, a place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guide.content.base import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Link:
    """A page to read next, under its name."""

    url: str
    name: str


def find_links(identifiers: Iterable[str], knowledge: KnowledgeBase, here: str = "") -> list[Link]:
    """List what some identifiers lead to; ``here`` is the address that must not lead to itself."""
    return [link for identifier in identifiers if (link := _find_link(identifier, knowledge, here))]


def _find_link(identifier: str, knowledge: KnowledgeBase, here: str) -> Link | None:
    """One identifier may name a practice and the word of the glossary that defines it: the other one is meant."""
    return next((link for link in _candidates(identifier, knowledge) if link.url != here), None)


def _candidates(identifier: str, knowledge: KnowledgeBase) -> Iterator[Link]:
    if identifier in knowledge.entries:
        yield Link(knowledge.entries[identifier].page_url, knowledge.entries[identifier].name)
    pages: dict[str, Mapping[str, object]] = {
        "/cooperation/": knowledge.practices,
        "/glossaire#": knowledge.terms,
        "/projets-inspirants/": knowledge.projects,
        "/territoires#": knowledge.places,
    }
    for start, items in pages.items():
        if identifier in items:
            yield Link(f"{start}{identifier}", str(getattr(items[identifier], "name", identifier)))
