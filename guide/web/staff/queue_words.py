"""What a row of the queue says, in plain words: where it stands, what is late, since when nothing has moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from guide.content.base import KnowledgeBase
from guide.days import paris_day, weekday_date
from guide.deadlines import Limits
from guide.delays import Delays, add_working_days, count_working_days
from guide.models import Introduction, Referral, StaffAccount
from guide.models.introduction import IntroductionState
from guide.models.referral import ReferralState
from guide.store.queue import Rank, Row
from guide.text import join_words, typeset
from guide.web.shared.presenters import entry_name


@dataclass(frozen=True)
class Line:
    """One row, ready to be read; ``alarm`` is what is late, ``remarks`` what else is worth knowing."""

    referral: Referral
    place: str
    follower: str
    still: str
    alarm: str | None
    remarks: list[str]


@dataclass(frozen=True)
class Words:
    """What is known of the rows of a page, and how it is said."""

    limits: Limits
    delays: Delays
    knowledge: KnowledgeBase
    team: Mapping[UUID, StaffAccount]
    awaited: Mapping[UUID, Sequence[Introduction]]
    unanswered: Mapping[UUID, datetime]
    shared: frozenset[UUID]  # whose contact is also another dossier's

    def line(self, row: Row) -> Line:
        """Say one row."""
        referral = row.referral
        commune = self.knowledge.territory.find_commune(referral.commune or "")
        follower = self.team.get(referral.assigned_to) if referral.assigned_to else None
        return Line(
            referral=referral,
            place=typeset(commune.name) if commune else "commune inconnue",
            follower=follower.name if follower else "pas encore confié",
            still=self._ago(referral.closed_at or referral.moved_at),
            alarm=typeset(self._alarm(referral)) if row.rank is Rank.LATE else None,
            remarks=[typeset(remark) for remark in self._remarks(referral)],
        )

    def _ago(self, moment: datetime) -> str:
        days = (self.limits.today - paris_day(moment)).days
        return "aujourd’hui" if days < 1 else "hier" if days == 1 else f"il y a {days} jours"

    def _alarm(self, referral: Referral) -> str:
        waited = count_working_days(paris_day(referral.state_since), self.limits.today)
        if referral.state is ReferralState.RECEIVED:
            return f"À lire depuis {waited} jours ouvrés, au lieu de {self.delays.review_working_days}"
        return f"Aucun essai de contact depuis {waited} jours ouvrés, au lieu de {self.delays.contact_working_days}"

    def _remarks(self, referral: Referral) -> list[str]:
        said = []
        if referral.id in self.unanswered:
            said.append(f"La personne a écrit {self._ago(self.unanswered[referral.id])}, sans réponse")
        if referral.snoozed_until is not None:
            said.append(self._pause(referral.snoozed_until, referral.snooze_reason or ""))
        if referral.state is ReferralState.RECEIVED and self._due(referral) == self.limits.today:
            said.append("À lire aujourd’hui au plus tard")
        if awaited := self.awaited.get(referral.id):
            said.append(self._waits(awaited))
        if referral.must_be_informed:
            said.append("À informer au premier contact (tableau de la Mission ESS)")
        if referral.id in self.shared:
            said.append("Peut-être un doublon : même courriel ou même téléphone qu’un autre dossier")
        if referral.to_watch:
            said.append("Envoi inhabituel, à vérifier")
        if referral.outcome:
            said.append(referral.outcome.label)
        return said

    def _pause(self, until: date, reason: str) -> str:
        when = "En pause jusqu’au" if until > self.limits.today else "Pause finie le"
        return f"{when} {weekday_date(until)} : {reason}"

    def _due(self, referral: Referral) -> date:
        return add_working_days(paris_day(referral.state_since), self.delays.review_working_days)

    def _waits(self, awaited: Sequence[Introduction]) -> str:
        names = join_words([entry_name(each.entry, self.knowledge) for each in awaited])
        if all(each.state is IntroductionState.WAITLISTED for each in awaited):
            return f"En liste d’attente : {names}"
        return f"Sans réponse de {names}, transmis {self._ago(awaited[0].state_since)}"


def group_rows(rows: Sequence[Row], words: Words) -> list[tuple[Rank, list[Line]]]:
    """Put the rows of a page in their parts, in order."""
    parts = ((rank, [words.line(row) for row in rows if row.rank is rank]) for rank in Rank)
    return [(rank, lines) for rank, lines in parts if lines]
