"""The knowledge base as the rest of the house sees it."""

from dataclasses import dataclass, field
from functools import cached_property

from guide.content.language import Language
from guide.content.models import Entry, Funding, Hole, HumanContact, Need, Order, Question, Term
from guide.content.reader import Document
from guide.content.telling import Place, Practice, Project, UsefulNumber
from guide.errors import UnknownEntryError
from guide.territory import Territory


@dataclass(frozen=True, eq=False)
class KnowledgeBase:
    """Everything the guide knows, read once and never changed; compared by identity, so that it can key a cache."""

    structures: dict[str, Entry]
    dispositifs: dict[str, Entry]
    needs: dict[str, Need]
    questions: dict[str, Question]
    terms: dict[str, Term]
    practices: dict[str, Practice]
    projects: dict[str, Project]
    places: dict[str, Place]
    numbers: tuple[UsefulNumber, ...]
    holes: tuple[Hole, ...]
    funding: tuple[Funding, ...]
    acronyms: dict[str, str]
    order: Order
    contact: HumanContact
    language: Language
    territory: Territory
    version: str
    lines: dict[str, Document] = field(repr=False)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Structures and dispositifs together, by identifier."""
        return self.structures | self.dispositifs

    def get_entry(self, identifier: str) -> Entry:
        """Get a structure or a dispositif; raise UnknownEntryError."""
        try:
            return self.entries[identifier]
        except KeyError:
            raise UnknownEntryError(identifier) from None

    def said(self, criterion: str, value: str) -> str:
        """Say an answer back to the person: "vous avez une idée" (a clause, lower case)."""
        if criterion == "needs":
            return self.needs[value].said
        return self.questions[criterion].options[value].said
