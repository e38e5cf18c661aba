"""Diagnosing: a pre-diagnosis is written, version after version, and given to the person when it is ready."""

from datetime import datetime

from sqlmodel import Session

from guide.errors import ClosedError, StaleError
from guide.handling import hold_referral, tell_person, write_line
from guide.models import Diagnosis, StaffAccount
from guide.models.diagnosis import Texts
from guide.models.journal import LineKind
from guide.store import diagnoses
from guide.text import typeset

READY = typeset(
    "Votre pré-diagnostic est prêt : vous pouvez le lire et l’imprimer depuis votre page de suivi. "
    "Si quelque chose n’est pas juste, dites-le-nous."
)


def write_diagnosis(
    session: Session,
    account: StaffAccount,
    reference: str,
    texts: Texts,
    *,
    based_on: int,
    share: bool,
    at: datetime,
) -> Diagnosis:
    """Keep a new version of a pre-diagnosis, and give it to the person when ``share`` says so.

    ``based_on`` is the version that was on screen, 0 for none: raises StaleError when somebody wrote another meanwhile.
    The same text is not kept twice. Raises ClosedError, and NotInformedError when nothing may be sent to the person.
    """
    referral = hold_referral(session, account, reference)
    if not referral.is_open:
        raise ClosedError
    last = next(iter(diagnoses.list_diagnoses(session, referral.id)), None)
    if (last.number if last else 0) != based_on:
        raise StaleError
    if last is None or last.texts != texts:
        number = based_on + 1
        last = Diagnosis(
            referral_id=referral.id,
            number=number,
            staff_id=account.id,
            at=at,
            findings=texts.findings,
            needs=texts.needs,
            interest=texts.interest,
            attention=texts.attention,
        )
        session.add(last)
        text = f"Version {number}"
        write_line(session, referral, LineKind.DIAGNOSED, at=at, staff_id=account.id, text=text)
    if share and last.shared_at is None:
        last.shared_at = at
        tell_person(session, referral, account.id, READY, at=at)
    return last
