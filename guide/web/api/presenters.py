"""From the domain to the answers of the API."""

import json
import re
from datetime import date
from typing import Any

from pydantic import ValidationError

from guide.assistant.models import Context, Reply
from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.errors import AnswerProblem, InvalidAnswersError
from guide.orientation import NotAvailable, Path, Proposal
from guide.territory import Epci, Suggestion
from guide.understanding.understand import LONGEST
from guide.understanding.words import clean
from guide.web.api.schemas import (
    AskOut,
    AssistantOut,
    CheckOut,
    ChoiceOut,
    CommuneFound,
    CommuneOut,
    ContextIn,
    EntryOut,
    EpciOut,
    MatchOut,
    NotAvailableOut,
    OrientationOut,
    ProposalOut,
    ReasonOut,
    TerritoryOut,
)

_LARGEST_CONTEXT = 2_048  # bytes (contract)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_day(value: Any) -> date | None:
    """Read the day of an orientation, ``2026-11-22``; None when not said."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) and _DAY.fullmatch(value) else "")
    except ValueError:
        detail = "Date attendue, comme 2026-11-22."
        raise InvalidAnswersError([AnswerProblem("/on", value, detail, code="type-incorrect")]) from None


def orientation_out(path: Path, knowledge: KnowledgeBase) -> OrientationOut:
    """An orientation as the contract writes it."""
    return OrientationOut(
        on=path.on,
        profile=path.profile.model_dump(mode="json"),
        territory=_territory(path, knowledge),
        outside_networks=path.profile.outside_networks,
        orientations=[_proposal(proposal) for proposal in path.proposals],
        not_available=[_not_available(item) for item in path.not_available],
    )


def _territory(path: Path, knowledge: KnowledgeBase) -> TerritoryOut:
    code = path.profile.commune
    if code is None:
        return TerritoryOut(commune=None, epci=None)
    commune = knowledge.territory.communes[code]
    return TerritoryOut(commune=CommuneOut(code=code, name=commune.name), epci=_epci(commune.epci, knowledge))


def _epci(epci: Epci, knowledge: KnowledgeBase) -> EpciOut:
    entry = knowledge.structures.get(epci.id)
    return EpciOut(id=epci.id, siren=epci.siren, name=entry.name if entry else epci.name)


def _proposal(proposal: Proposal) -> ProposalOut:
    entry = proposal.entry
    return ProposalOut(
        rank=proposal.rank,
        id=entry.id,
        kind=entry.kind,
        name=entry.name,
        url=entry.page_url,
        when=proposal.when,
        score=proposal.score,
        via=entry.via,
        reasons=[ReasonOut(criterion=r.criterion, value=r.value, text=r.text) for r in proposal.reasons],
        checks=[CheckOut(criterion=check.criterion, text=check.text) for check in proposal.checks],
    )


def _not_available(item: NotAvailable) -> NotAvailableOut:
    entry = item.entry
    return NotAvailableOut(
        id=entry.id,
        kind=entry.kind,
        criterion=item.criterion,
        reason=item.reason,
        unlock=item.unlock,
        url=entry.page_url,
    )


def read_context(given: Any) -> Context:
    """Read the context that the caller gives back: at most 2 kB, known keys only."""
    if given is None:
        return Context()
    if len(json.dumps(given, ensure_ascii=False).encode()) > _LARGEST_CONTEXT:
        detail = "Contexte trop long : 2 ko au plus."
        raise InvalidAnswersError([AnswerProblem("/context", None, detail, code="trop-long")])
    try:
        read = ContextIn.model_validate(given)
    except ValidationError as error:
        problems = [
            AnswerProblem(
                _pointer("context", detail["loc"]), detail["input"], "Contexte mal formé.", code="type-incorrect"
            )
            for detail in error.errors()
        ]
        raise InvalidAnswersError(problems) from None
    return Context(tuple(read.asked), tuple(read.about), tuple(read.denied))


def _pointer(root: str, place: tuple[int | str, ...]) -> str:
    return "".join(f"/{part}" for part in (root, *place))


def read_message(given: Any) -> str:
    """Read the message: a text of 1 to 1,000 characters that says something."""
    if not isinstance(given, str):
        raise InvalidAnswersError([AnswerProblem("/message", given, "Un texte est attendu.", code="type-incorrect")])
    if not clean(given).strip():
        raise InvalidAnswersError(
            [AnswerProblem("/message", given, "Écrivez votre question ou votre projet.", code="vide")]
        )
    if len(given) > LONGEST:
        detail = "Message trop long : 1\u202f000 caractères au plus."
        raise InvalidAnswersError([AnswerProblem("/message", None, detail, code="trop-long")])
    return given


def assistant_out(reply: Reply, knowledge: KnowledgeBase) -> AssistantOut:
    """An answer of the assistant as the contract writes it; its text ends with what one can do now."""
    finish = "" if reply.kind == "off_topic" else f"\n{knowledge.language.replies.sentences['finish']}"
    ask = reply.ask
    return AssistantOut(
        kind=reply.kind,
        text=reply.text + finish,
        matches=[MatchOut(**match._asdict()) for match in reply.matches],
        profile=reply.profile.model_dump(mode="json"),
        ask=AskOut(slot=ask.slot, text=ask.text, choices=[ChoiceOut(**each._asdict()) for each in ask.choices])
        if ask
        else None,
        context=ContextIn(
            asked=list(reply.context.asked), about=list(reply.context.about), denied=list(reply.context.denied)
        ),
        suggestions=list(reply.suggestions),
    )


def entry_out(entry: Entry) -> EntryOut:
    """An entry, whole, with its address."""
    return EntryOut.model_construct(**dict(entry), url=entry.page_url)


def commune_found(suggestion: Suggestion, knowledge: KnowledgeBase) -> CommuneFound:
    """A commune that a text may mean."""
    commune = suggestion.commune
    return CommuneFound(
        code=commune.code,
        name=commune.name,
        postcodes=list(commune.postcodes),
        epci=_epci(commune.epci, knowledge),
        matched=suggestion.matched,
    )
