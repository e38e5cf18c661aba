"""The appointment (le rendez-vous): when, how and where somebody of the team speaks with a person."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Field, SQLModel

from guide.days import day_and_hour
from guide.errors import IllegalMoveError
from guide.models.base import Labelled, moment, new_id, one_of


class AppointmentMode(Labelled):
    """Where, or how, an appointment is held."""

    ON_SITE = "on_site", "Sur site"
    AT_STRUCTURE = "at_structure", "À la structure"
    VIDEO = "video", "En visio"
    PHONE = "phone", "Par téléphone"


class AppointmentState(Labelled):
    """What became of an appointment."""

    PLANNED = "planned", "Prévu"
    HELD = "held", "Tenu"
    MISSED = "missed", "Manqué"
    CANCELLED = "cancelled", "Annulé"


class Appointment(SQLModel, table=True):
    """One appointment; ``line_id`` is the line of the journal that says it to the person."""

    __tablename__ = "appointment"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", ondelete="CASCADE", index=True)
    staff_id: UUID = Field(foreign_key="staff_account.id", index=True)
    line_id: UUID = Field(foreign_key="journal_line.id", ondelete="CASCADE")
    state: AppointmentState = Field(default=AppointmentState.PLANNED, sa_column=one_of(AppointmentState, "state"))
    starts_at: datetime = Field(sa_column=moment(index=True))
    minutes: int
    mode: AppointmentMode = Field(sa_column=one_of(AppointmentMode, "mode"))
    place: str | None = Field(default=None, max_length=300)  # an address, or the link of a call
    sequence: int = 0  # how many times it was changed: calendars keep the last
    created_at: datetime = Field(sa_column=moment())
    reminded_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_planned(self) -> bool:
        """Whether it is still to come, or to be told."""
        return self.state is AppointmentState.PLANNED

    @property
    def said(self) -> str:
        """When, how and where, as the person reads it."""
        where = f", {self.place}" if self.place else ""
        return f"{day_and_hour(self.starts_at)}, {self.mode.label[:1].lower()}{self.mode.label[1:]}{where}"

    def end(self, state: AppointmentState) -> None:
        """Say what became of it; raise IllegalMoveError when it was said already."""
        if not self.is_planned or state is AppointmentState.PLANNED:
            raise IllegalMoveError(self.state.label, state.label)
        self.state, self.sequence = state, self.sequence + 1
