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


class IllegalMoveError(GuideError):
    """A move that the table of transitions does not hold; names both states."""

    def __init__(self, here: str, there: str) -> None:
        """Take the French names of both states."""
        self.here, self.there = here, there
        super().__init__(f"Ce dossier est « {here} » : il ne peut pas passer à « {there} ».")


class StaleError(GuideError):
    """Somebody else changed the same thing meanwhile: nothing was written."""


class MissingMessageError(GuideError):
    """Nobody is closed without a word."""


class DuplicateError(GuideError):
    """A dossier is a duplicate of another one, which can be opened and is nobody's duplicate itself."""


class UnreadableContactError(GuideError):
    """Not an address or a number that answers; says what one looks like."""


class TableError(GuideError):
    """A file that cannot be read as a table; says what is wrong and what to do."""

    def __init__(self, what: str, then: str) -> None:
        """Keep both sentences."""
        self.what, self.then = what, then
        super().__init__(f"{what} {then}")


class NotInformedError(GuideError):
    """Somebody who came by a table is not written to, before a person has spoken to her and she has agreed."""

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__(
            "Cette personne vient du tableau : parlez-lui d’abord, "
            "puis notez un essai où vous l’avez jointe et son accord."
        )


class StillToAskError(GuideError):
    """Nobody is said to be unreachable before she was asked whether she still goes on, and had the time to answer."""


class TooLateError(GuideError):
    """A mail has left, or is leaving."""

    def __init__(self, reference: str | None) -> None:
        """Take the reference of the dossier that it is about."""
        self.reference = reference
        super().__init__("Trop tard : ce courriel est déjà parti.")


class NotHeldError(GuideError):
    """A dossier changes hands only when somebody has it, and goes to somebody else."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Ce dossier n’est à personne, ou cette personne l’a déjà : relisez-le.")


class AlreadyAwayError(GuideError):
    """Two absences of one person never cover the same day."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Une absence couvre déjà un de ces jours : retirez-la d’abord.")


class ClosedError(GuideError):
    """A closed dossier is opened again before anything is done from it."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Ce dossier est clos : rouvrez-le d’abord.")


class AlreadyIntroducedError(GuideError):
    """The person is already on her way to this door."""

    def __init__(self, name: str, state: str) -> None:
        """Take the French names of the door and of where it stands."""
        super().__init__(f"{name} est déjà proposé à cette personne (« {state} ») : notez plutôt la suite.")


class MissingAgreementError(GuideError):
    """Nothing is passed on to a structure without the person's agreement."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Demandez d’abord à la personne si elle est d’accord pour que sa demande soit transmise.")


class NoNextStepError(GuideError):
    """A refusal is recorded with its reasons, a word and a next step: nobody is left with a no."""

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__("Un refus se note avec ses raisons, un mot pour la personne et la suite prévue.")


class LinkError(GuideError):
    """A secret link, or a code, that opens nothing."""


class UnknownLinkError(LinkError):
    """No such link: never made, tampered with, or of erased data."""


class ExpiredLinkError(LinkError):
    """The link did exist, and its time is over."""


class TooManyError(GuideError):
    """A limit was reached; carries when to try again."""

    def __init__(self, wait: int) -> None:
        """Wait is in seconds."""
        self.wait = wait
        super().__init__("Trop de demandes.")


class NotFoundError(GuideError):
    """Nothing has this key, or nothing that the reader may see."""
