"""Addresses and telephone numbers, read as people type them."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from guide.errors import UnreadableContactError


def read_email(text: str) -> str:
    """Read an address as mail servers do; raise UnreadableContactError with an example."""
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise UnreadableContactError("Cette adresse n’est pas complète. Elle ressemble à prenom@exemple.fr") from None


def read_phone(text: str) -> str:
    """Read a number, French by default, as +33...; raise UnreadableContactError with an example."""
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise UnreadableContactError("Ce numéro n’est pas complet. Il a dix chiffres, comme 03 21 00 00 00")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def find_phones(text: str) -> list[str]:
    """List the valid numbers that stand in a text, as +33..."""
    found = phonenumbers.PhoneNumberMatcher(text, "FR")
    return [str(phonenumbers.format_number(each.number, phonenumbers.PhoneNumberFormat.E164)) for each in found]
