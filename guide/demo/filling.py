"""Filling an empty database with invented requests, in bulk: thousands take seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from guide.content.base import KnowledgeBase
from guide.days import paris_day
from guide.demo.people import Person, Project, invent_person, invent_project
from guide.demo.stories import Row, Story
from guide.drafting import AGREEMENT_VERSION, snapshot
from guide.models import Appointment, ContactAttempt, Introduction, JournalLine, Referral
from guide.models.base import new_id
from guide.models.referral import Origin, ReferralState
from guide.orientation import propose

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_BATCH = 500  # requests
_PROJECTS = 150  # different ones; beyond, the same come back under other names
_LATELY, _LONGEST_AGO = 45, 420  # days


@dataclass(frozen=True)
class Demo:
    """An invented desk: the same seed tells the same stories."""

    knowledge: KnowledgeBase
    random: Random
    now: datetime
    officers: list[UUID]
    advisers: list[UUID]

    def fill(self, session: Session, size: int) -> None:
        """Add ``size`` requests and all that happened to them, about ten lines of journal each."""
        references = self._references()
        stories = (self._story(number, next(references)) for number in range(size))
        while batch := list(islice(stories, _BATCH)):
            _insert(session, Referral, [story.referral for story in batch])
            _insert(session, Introduction, [row for story in batch for row in story.introductions])
            _insert(session, JournalLine, [row for story in batch for row in story.lines])
            _insert(session, Appointment, [row for story in batch for row in story.appointments])
            _insert(session, ContactAttempt, [row for story in batch for row in story.attempts])

    @cached_property
    def _names(self) -> dict[str, str]:
        return {entry.id: entry.name for entry in self.knowledge.entries.values()}

    @cached_property
    def _crowd(self) -> list[str]:
        """The communes, the largest ones many times: people come from where people live."""
        communes = self.knowledge.territory.communes.values()
        return [commune.code for commune in communes for _ in range(1 + commune.population // 2000)]

    @cached_property
    def _projects(self) -> list[tuple[Project, dict[str, Any]]]:
        """Projects, and the path that each was shown."""
        invented = [invent_project(self.random, self.knowledge, self._crowd) for _ in range(_PROJECTS)]
        today = paris_day(self.now)
        return [(each, snapshot(propose(each.answers.profile, self.knowledge, today))) for each in invented]

    def _references(self) -> Iterator[str]:
        given: set[str] = set()
        while True:
            reference = "ESS-" + "".join(self.random.choices(_SIGNS, k=6))
            if reference not in given:
                given.add(reference)
                yield reference

    def _story(self, number: int, reference: str) -> Story:
        project, shown = self.random.choice(self._projects)
        person = invent_person(self.random, number)
        lately = self.random.random() < 0.4
        days = self.random.uniform(0, _LATELY) if lately else self.random.uniform(_LATELY, _LONGEST_AGO)
        received = self.now - timedelta(days=days)
        referral = self._referral(person, project, shown, received) | {"reference": reference}
        entries = [card["id"] for card in shown["proposals"][: self.random.choice((0, 1, 1, 2))]]
        story = Story(self.random, self.now, self.officers, self.advisers, referral, entries, self._names, received)
        story.tell()
        return story

    def _referral(self, person: Person, project: Project, shown: dict[str, Any], received: datetime) -> Row:
        profile = project.answers.profile
        commune = self.knowledge.territory.communes[profile.commune or ""]
        made = Referral(
            name=person.name,
            email=person.email,
            phone=person.phone,
            project_name=project.name,
            words=project.words,
            call_when=person.call_when,
            helper=person.helper,
            commune=commune.code,
            epci=commune.epci.id,
            answers=[list(pair) for pair in project.answers.pairs],
            stage=profile.stage,
            needs=list(profile.needs),
            outside_networks=profile.outside_networks,
            shown=shown,
            knowledge_version=self.knowledge.version,
            agreement_version=AGREEMENT_VERSION,
            origin=self.random.choice((Origin.ORIENTATION, Origin.ENTRY, Origin.HOME)),
            to_watch=self.random.random() < 0.02,
            received_at=received,
            state_since=received,
            last_contact_at=received,
        )
        made.index_names()
        return made.model_dump() | {"id": new_id(), "state": ReferralState.RECEIVED}


def _insert(session: Session, table: type[SQLModel], rows: list[Row]) -> None:
    if rows:
        session.connection().execute(insert(table), rows)
