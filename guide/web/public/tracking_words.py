"""What the tracking page says: the state of a request, its journal and its next step, in plain words."""

from dataclasses import dataclass
from datetime import date

from guide.days import weekday_date
from guide.models.journal import Author, LineKind
from guide.models.referral import Outcome, ReferralState
from guide.store.followed import Said
from guide.text import capitalise, typeset
from guide.tracking import Following

# The way of a request, as the person sees it.
STEPS: dict[ReferralState, str] = {
    ReferralState.RECEIVED: "Reçue",
    ReferralState.REVIEWED: "Lue",
    ReferralState.ASSIGNED: "Confiée",
    ReferralState.CONTACTED: "Premier contact",
    ReferralState.MET: "Rencontre",
    ReferralState.CLOSED: "Terminée",
}
DONE = {
    "message": "Votre message est arrivé : il sera lu par la personne qui suit votre demande.",
    "retrait": "Votre demande est retirée. Personne ne vous relancera.",
    "code": "C’est noté. Entrez le code ici dès que vous l’avez.",
    "correction": "Vos corrections sont enregistrées.",
    "ferme": "Par sécurité, il faut d’abord un code pour voir vos données.",
}
TOO_MANY_WORDS = (
    "Nous avons bien reçu vos derniers messages : ils seront lus ensemble. Gardez celui-ci, et envoyez-le dans {}."
)
_MOVED = {
    ReferralState.RECEIVED: "Votre demande est de nouveau à lire.",
    ReferralState.REVIEWED: "La Mission ESS a lu votre demande.",
    ReferralState.ASSIGNED: "Votre demande a été confiée à la personne qui va vous contacter.",
    ReferralState.CONTACTED: "Le premier contact est pris.",
    ReferralState.MET: "Vous vous êtes rencontrés.",
    ReferralState.CLOSED: "Votre demande est terminée.",
}
_CLOSED = {
    Outcome.SUPPORTED: "Un accompagnement est engagé.",
    Outcome.AUTONOMOUS: "Vous avez vos contacts et vous avancez par vous-même.",
    Outcome.ENROLLED: "Vous êtes inscrit·e à une action.",
    Outcome.ABANDONED: "Le projet s’est arrêté.",
    Outcome.CHANGED: "Votre situation a changé.",
    Outcome.UNREACHABLE: "Nous n’avons pas réussi à vous joindre.",
    Outcome.OUT_OF_SCOPE: "Cette demande ne relève pas de la Mission ESS.",
    Outcome.DUPLICATE: "Cette demande a été réunie avec une autre des vôtres.",
    Outcome.WITHDRAWN: "Vous avez retiré votre demande.",
}
_BY_THE_PERSON = {
    LineKind.RECORDED: "Vous avez envoyé votre demande.",
    LineKind.SENT_AGAIN: "Vous avez envoyé de nouveau la même demande : nous l’avions bien.",
    LineKind.MESSAGE: "Vous avez écrit",
    LineKind.WITHDRAWN: "Vous avez retiré votre demande.",
}
_ALWAYS_THE_SAME = _BY_THE_PERSON | {
    LineKind.HANDED: "Une autre personne de l’équipe suit maintenant votre demande.",
}
_BY_THE_TEAM = {
    LineKind.MESSAGE: "vous a écrit",
    LineKind.STILL_ASKED: "vous demande si vous êtes toujours partant·e",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Where a request stands and what happens next; ``late``: the promised day has passed."""

    now: str
    then: str
    late: bool


def next_step(following: Following, by: date | None, today: date) -> Step:
    """Say where a request stands, what happens next and by when."""
    referral, who = following.referral, following.referral.follower or "la personne qui suit votre demande"
    day = weekday_date(by) if by else ""
    late = by is not None and by < today
    if referral.outcome is not None:
        until = weekday_date(following.open_until) if following.open_until else ""
        then = f"Vous pouvez encore nous écrire ici jusqu’au {until}." if until else ""
        return Step(_CLOSED[referral.outcome], typeset(then), late=False)
    then = {
        ReferralState.RECEIVED: f"Une personne de la Mission ESS la lit au plus tard le {day}, puis vous répond.",
        ReferralState.ASSIGNED: f"{capitalise(who)} prend contact avec vous au plus tard le {day}.",
    }.get(referral.state, f"Vous aurez des nouvelles au plus tard le {day}.")
    if late:
        then = (
            f"Vous deviez avoir des nouvelles avant le {day}. Nous en sommes désolés : écrivez-nous ci-dessous, "
            "ou appelez la Mission ESS avec votre référence."
        )
    return Step(
        _MOVED[referral.state] if referral.state != ReferralState.RECEIVED else "Nous avons bien votre demande.",
        typeset(then),
        late,
    )


def wait_in_words(seconds: int) -> str:
    """How long to wait, in minutes."""
    minutes = max(1, -(-seconds // 60))
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


def line_said(line: Said) -> str:
    """Say what a line of the journal tells, to the person it is about."""
    if line.kind in _BY_THE_TEAM and line.author is not Author.PERSON:
        return f"{line.writer or 'L’équipe'} {_BY_THE_TEAM[line.kind]}"
    if line.kind is LineKind.SENT_AGAIN and line.text:
        return typeset(f"{_BY_THE_PERSON[line.kind]} Nous y avons ajouté : {line.text}.")
    if line.kind is LineKind.CORRECTED:
        return typeset(f"Vous avez corrigé : {line.text}.")
    if line.kind is LineKind.MOVED and line.to_state:
        return _MOVED[ReferralState.of(line.to_state)]
    if line.kind in (
        LineKind.ATTEMPT,
        LineKind.INTRODUCED,
        LineKind.INTRODUCTION,
        LineKind.APPOINTMENT,
        LineKind.NO_NEWS,
    ):
        return line.text or line.kind.label
    return _ALWAYS_THE_SAME.get(line.kind, line.kind.label)
