"""The errors of the house, named by what they mean; their messages are in French, for the person who will read them."""


class GuideError(Exception):
    """Anything the guide knows how to explain."""


class SettingsError(GuideError):
    """The settings would make an unsafe or broken service: the server must not start."""


class KnowledgeError(GuideError):
    """The knowledge base does not hold together; carries every finding at once."""

    def __init__(self, findings: list[str]) -> None:
        """Keep the findings, one line each (file, line, rule, remedy)."""
        self.findings = findings
        super().__init__("La base de connaissances ne peut pas être chargée :\n" + "\n".join(findings))


class UnknownEntryError(GuideError):
    """No structure, dispositif or question answers to this identifier."""


class InvalidAnswersError(GuideError):
    """Some answers are not in the lists of the contract; carries one problem per value."""

    def __init__(self, problems: list["AnswerProblem"]) -> None:
        """Keep the problems, in the order of the fields."""
        self.problems = problems
        super().__init__(" ; ".join(problem.detail for problem in problems))


class AnswerProblem:
    """One refused value: where it stands, what it was, why in French, and what would have been accepted."""

    def __init__(
        self,
        pointer: str,
        value: object,
        detail: str,
        *,
        known: list[str] | None = None,
        code: str = "valeur-inconnue",
    ) -> None:
        """Pointer is a JSON pointer (RFC 6901) inside the profile, such as ``/needs/0``."""
        self.pointer = pointer
        self.value = value
        self.detail = detail
        self.known = known
        self.code = code
