"""The words of an introduction: a first draft for somebody of the team, who changes it, and the sheet of each door."""

from collections.abc import Iterator

from guide.content.base import KnowledgeBase
from guide.introducing import Door, Doors
from guide.models import Referral, StaffAccount
from guide.models.introduction import IntroductionChannel, IntroductionState
from guide.text import typeset
from guide.web.shared.presenters import phone_text, way_in

_S = IntroductionState
_PROPOSED = (
    "Voici qui nous paraît bien placé pour la suite de votre projet. Vous trouverez plus bas pourquoi, et comment "
    "s’y prendre.\n\nSi cela ne vous convient pas, répondez-nous : nous chercherons une autre piste avec vous."
)
_ANSWERED = {
    _S.SENT: "Votre demande est transmise à « {name} ». Nous vous donnerons des nouvelles dès qu’il y en aura.",
    _S.ACCEPTED: "Bonne nouvelle : « {name} » a répondu oui. Dites-nous comment se passe le premier contact.",
    _S.DECLINED: "« {name} » ne peut pas donner suite à votre demande. Cela ne dit rien de la valeur de votre projet. "
    "Voici une autre piste, expliquée plus bas.",
    _S.WAITLISTED: "Vous êtes sur la liste d’attente de « {name} ». Nous suivons cela avec vous.",
    _S.EXPIRED: "« {name} » ne nous a pas répondu. Nous ne voulons pas vous faire attendre plus longtemps.",
    _S.MET: "Vous avez rencontré « {name} ». Comment cela s’est-il passé ? Quelques mots nous aideront.",
    _S.DONE: "La mise en relation avec « {name} » a abouti. Bonne suite à votre projet.",
    _S.DROPPED: "Il n’y a pas eu de suite avec « {name} ». Si vous le souhaitez, nous cherchons une autre piste.",
    _S.WITHDRAWN: "Nous retirons la piste « {name} » de votre suivi.",
}


def draft(referral: Referral, account: StaffAccount, *, name: str = "", to: IntroductionState | None = None) -> str:
    """Draft the message that goes with a proposal, or with what a structure answered."""
    body = _ANSWERED[to].format(name=name) if to else _PROPOSED
    return typeset(f"Bonjour {referral.name},\n\n{body}\n\n{account.first_name}")


def with_sheets(message: str, doors: Doors, knowledge: KnowledgeBase) -> str:
    """The message, then for each door why it is proposed and how to enter."""
    return "\n\n".join([message, *("\n".join(_sheet(door, doors.channel, knowledge)) for door in doors.chosen)])


def _sheet(door: Door, channel: IntroductionChannel, knowledge: KnowledgeBase) -> Iterator[str]:
    entry = knowledge.get_entry(door.entry)
    yield f"– {entry.name}"
    if door.because:
        yield typeset(f"Pourquoi : {door.because}")
    if channel is IntroductionChannel.RELAYED:
        yield "Nous lui transmettons votre demande."
        return
    yield typeset(f"Comment s’y prendre : {entry.how_to_enter}")
    way = way_in(entry, knowledge)
    reach = (
        ("Téléphone", phone_text(way.phone) if way.phone else None, "phone"),
        ("Courriel", way.email, "email"),
        ("Site", way.website, "website"),
    )
    for label, value, part in reach:
        if value:
            yield typeset(f"{label} : {value}{' (à vérifier)' if part in way.to_check else ''}")
