"""The journal of a referral: append-only, who did what and when, and what the person may read of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from guide.models.base import Labelled, moment, new_id, one_of


class Author(Labelled):
    """Who wrote a line."""

    PERSON = "person", "La personne"
    STAFF = "staff", "L’équipe"
    SYSTEM = "system", "Le guide"


class LineKind(Labelled):
    """What a line tells."""

    RECORDED = "recorded", "Demande reçue"
    IMPORTED = "imported", "Tableau de la Mission ESS"
    SENT_AGAIN = "sent_again", "Même demande envoyée de nouveau"
    CORRECTED = "corrected", "Données corrigées"
    MOVED = "moved", "Changement d’état"
    ROUTED = "routed", "Confié à un·e collègue pendant une absence"
    HANDED = "handed", "Passé à un·e collègue"
    MESSAGE = "message", "Message"
    CALLED_BACK = "called_back", "Courriel arrêté avant son envoi"
    STILL_ASKED = "still_asked", "Demande si toujours partant·e"
    NOTE = "note", "Note de l’équipe"
    ATTEMPT = "attempt", "Prise de contact"
    JUDGED = "judged", "Avis sur l’orientation"
    DIAGNOSED = "diagnosed", "Pré-diagnostic écrit"
    APPOINTMENT = "appointment", "Rendez-vous"
    INFORMED = "informed", "Personne informée"
    AGREED = "agreed", "Accord pour une mise en relation"
    INTRODUCED = "introduced", "Structure proposée"
    INTRODUCTION = "introduction", "Suite d’une mise en relation"
    LINK_ASKED = "link_asked", "Nouveau lien demandé"
    CODE_ASKED = "code_asked", "Code demandé"
    CODE_GIVEN = "code_given", "Code donné"
    WITHDRAWN = "withdrawn", "Demande retirée"
    LINKED = "linked", "Un doublon est rattaché à ce dossier"
    DOWNLOADED = "downloaded", "Données téléchargées"
    READ = "read", "Dossier ouvert"
    NO_NEWS = "no_news", "La personne est prévenue qu’il n’y a rien de nouveau"
    REMINDED = "reminded", "Rappel à l’équipe"
    ANSWERED = "answered", "Réponse après la clôture"
    SNOOZED = "snoozed", "Mis en pause"
    WOKEN = "woken", "Reprise"


class Channel(Labelled):
    """How somebody was contacted."""

    PHONE = "phone", "Téléphone"
    MAIL = "mail", "Courriel"
    SMS = "sms", "SMS"
    MEETING = "meeting", "Rencontre"
    POST = "post", "Courrier"


class JournalLine(SQLModel, table=True):
    """One thing that happened. ``visible``: the person reads it on the tracking page."""

    __tablename__ = "journal_line"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_column=moment(index=True))
    author: Author = Field(sa_column=one_of(Author, "author"))
    staff_id: UUID | None = Field(default=None, foreign_key="staff_account.id")
    kind: LineKind = Field(sa_column=one_of(LineKind, "kind"))
    from_state: str | None = Field(default=None, max_length=40)
    to_state: str | None = Field(default=None, max_length=40)
    text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    visible: bool = False


class ContactAttempt(SQLModel, table=True):
    """One attempt to reach the person, as data; its journal line says it in words."""

    __tablename__ = "contact_attempt"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_column=moment())
    channel: Channel = Field(sa_column=one_of(Channel, "channel"))
    reached: bool
    next_on: date | None = None  # when the next one is
    staff_id: UUID | None = Field(default=None, foreign_key="staff_account.id")
