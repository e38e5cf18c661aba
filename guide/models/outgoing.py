"""The outbox: mails to send. A row names a template and identifiers, never an address or a text."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from guide.models.base import Labelled, moment, new_id, one_of


class MailTemplate(Labelled):
    """Every mail that the guide sends."""

    REQUEST_RECEIVED = "request_received", "À la personne : demande reçue"
    NEW_REQUEST = "new_request", "À la Mission ESS : nouvelle demande"
    PERSON_WROTE = "person_wrote", "À qui suit la demande : la personne a écrit"
    STAFF_WROTE = "staff_wrote", "À la personne : un message"
    STATE_CHANGED = "state_changed", "À la personne : la demande avance"
    CLOSED = "closed", "À la personne : la demande est close"
    APPOINTMENT_TOMORROW = "appointment_tomorrow", "À la personne : rendez-vous demain"
    APPOINTMENT_OF_TEAM = "appointment_of_team", "À qui a fixé le rendez-vous : rappel"
    REVIEW_LATE = "review_late", "À la Mission ESS : une demande attend d’être lue"
    CONTACT_LATE = "contact_late", "À qui a le dossier : la personne attend un appel"
    COLLEAGUES_NEEDED = "colleagues_needed", "Aux collègues : la personne attend toujours un appel"
    NO_ANSWER = "no_answer", "À qui suit la demande : une structure n’a pas répondu"
    NO_NEWS = "no_news", "À la personne : rien de nouveau, et nous ne l’oublions pas"
    SATISFACTION = "satisfaction", "À la personne : est-ce que cela a aidé ?"
    WHERE_NOW = "where_now", "À la personne : où en est votre projet ?"
    DIGEST = "digest", "À chaque membre de l’équipe : la semaine"
    WITHDRAWN = "withdrawn", "À la Mission ESS : demande retirée"
    NEW_LINK = "new_link", "À la personne : nouveau lien de suivi"
    CODE = "code", "À la personne : code d’accès aux données"
    ERASED = "erased", "À qui suivait la demande : données effacées"
    STAFF_INVITATION = "staff_invitation", "À un agent : invitation"
    PASSWORD_RESET = "password_reset", "À un agent : nouveau mot de passe"


class OutgoingMail(SQLModel, table=True):
    """One mail to one recipient, written in the transaction of what it announces and rendered when it leaves."""

    __tablename__ = "outgoing_mail"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    template: MailTemplate = Field(sa_column=one_of(MailTemplate, "template"))
    referral_id: UUID | None = Field(default=None, foreign_key="referral.id", ondelete="CASCADE", index=True)
    line_id: UUID | None = Field(default=None, foreign_key="journal_line.id", ondelete="CASCADE")
    account_id: UUID | None = Field(default=None, foreign_key="staff_account.id", ondelete="CASCADE")
    created_at: datetime = Field(sa_column=moment())
    due_at: datetime = Field(sa_column=moment(index=True))
    tries: int = 0
    claimed_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    sent_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    failure: str | None = Field(default=None, max_length=120)  # the kind of the last failure, never its text
