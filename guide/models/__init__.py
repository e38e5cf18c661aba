"""What is stored: tables, states and their transitions, and the named constraints that hold when all else fails.

A table class accepts anything: what comes from outside is validated by a typed input before it is stored.
"""

from guide.models.absence import Absence
from guide.models.access import RightsCode, RightsTask, TrackingToken
from guide.models.appointment import Appointment
from guide.models.base import metadata
from guide.models.diagnosis import Diagnosis
from guide.models.feedback import Feedback
from guide.models.imported import ForgottenHolder, ImportedRow, TableImport
from guide.models.introduction import Introduction
from guide.models.journal import ContactAttempt, JournalLine
from guide.models.listening import UnknownWord
from guide.models.outgoing import OutgoingMail
from guide.models.reference_case import ReferenceCase
from guide.models.referral import Referral
from guide.models.reminder import Reminder
from guide.models.staff import OneTimeLink, RecoveryCode, StaffAccount, StaffSession
from guide.models.tally import Tally

__all__ = [
    "Absence",
    "Appointment",
    "ContactAttempt",
    "Diagnosis",
    "Feedback",
    "ForgottenHolder",
    "ImportedRow",
    "Introduction",
    "JournalLine",
    "OneTimeLink",
    "OutgoingMail",
    "RecoveryCode",
    "ReferenceCase",
    "Referral",
    "Reminder",
    "RightsCode",
    "RightsTask",
    "StaffAccount",
    "StaffSession",
    "TableImport",
    "Tally",
    "TrackingToken",
    "UnknownWord",
    "metadata",
]
