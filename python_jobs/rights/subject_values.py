"""The values by which a person is known, and whether a text holds one of them in whatever spelling."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cached_property

import duckdb
import idna
import phonenumbers

from python_jobs.command_line import UsageProblem
from python_jobs.landing.keyed_hash import HashKey
from python_jobs.landing.parse_emails import parse_emails
from python_jobs.landing.parse_phones import parse_phones
from python_jobs.landing.text_cleaning import clean_marks
from python_jobs.suppress import mask_email, mask_phone

# Between two digits of a number that a person wrote stand spaces, brackets, dashes, marks.
BETWEEN_DIGITS = r"[^0-9]{0,3}"


@dataclass(frozen=True)
class SubjectValues:
    """A person's phones (E.164), addresses and, within the person's own rows, names."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    # Cells exactly as they were read that the parsers took for one of these.
    raw_values: frozenset[str] = field(default_factory=frozenset)

    def hashes(self, key: HashKey) -> dict[str, tuple[str, str]]:
        """Keyed hash -> (kind, masked value) of each."""
        return {key.email(value): ("email", mask_email(value)) for value in self.emails} | {
            key.phone(value): ("phone", mask_phone(value)) for value in self.phones
        }

    def masked(self) -> list[str]:
        """What a person may read of the values."""
        names = ["a name"] * len(self.names)
        return [*map(mask_email, self.emails), *map(mask_phone, self.phones), *names]

    @cached_property
    def national_numbers(self) -> tuple[str, ...]:
        """The phones without country code: how they stand in every spelling."""
        return tuple(str(phonenumbers.parse(phone).national_number) for phone in self.phones)

    @cached_property
    def spelt_emails(self) -> tuple[str, ...]:
        """The addresses, and with the letters of an internationalised domain too: `a@xn--mgbh0fb.sa`."""
        return tuple(dict.fromkeys([*self.emails, *map(_in_letters, self.emails)]))

    @cached_property
    def _pattern(self) -> re.Pattern:
        # Part of a longer address is another address; part of a longer number another number, be it
        # longer in front: a Bahraini number is the end of many a Saudi one.
        parts = [rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)" for email in self.spelt_emails]
        for number in map(phonenumbers.parse, self.phones):
            code, digits = map(BETWEEN_DIGITS.join, (str(number.country_code), str(number.national_number)))
            between = BETWEEN_DIGITS
            parts.append(
                rf"(?:(?<![0-9])|(?<=%20))(?:(?:0{between}){{0,2}}{code}{between})?(?:0{between})?{digits}(?![0-9])"
            )
        return re.compile("|".join(parts) or r"(?!)")

    def stand_in(self, text: str) -> bool:
        """Whether the text holds one of the phones or addresses."""
        if text in self.raw_values:
            return True
        folded = unicodedata.normalize("NFKC", text).casefold()
        folded = "".join(_digit(character) for character in folded if unicodedata.category(character) != "Cf")
        return self._pattern.search(folded) is not None


def _in_letters(email: str) -> str:
    local_part, _, domain = email.partition("@")
    try:
        return f"{local_part}@{idna.decode(domain)}"
    except idna.IDNAError:
        return email


def _digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdigit() else character


def read_subject(text: str) -> SubjectValues:
    """The values that the text names. Raises UsageProblem unless it is an email address or a phone number."""
    cleaned = clean_marks(text)
    emails = tuple(part.email for part in parse_emails(cleaned) if part.is_valid)
    phones = () if emails else tuple(part.e164 for part in parse_phones(cleaned) if part.is_valid)
    if not (emails or phones):
        raise UsageProblem(f"{text!r} is neither an email address nor a phone number.")
    return SubjectValues(phones=phones, emails=emails)


def widen_to_contact(
    connection: duckdb.DuckDBPyConnection, subject: SubjectValues, key: HashKey
) -> tuple[SubjectValues, list[str]]:
    """The subject with everything its contact is known by if that is a person, and the contacts' ids.

    A company's own contact point (a desk's mailbox, a landline) names nobody: it is not taken along, and
    when it is what was asked for, only itself is meant.
    """
    try:
        people = connection.execute(
            """
            select contact_id, full_name from graph.contacts
            where contact_kind is distinct from 'company' and contact_id in (
                select contact_id from graph.contact_identifiers
                where list_contains($hashes::varchar[], hash)
            )
            """,
            {"hashes": list(subject.hashes(key))},
        ).fetchall()
        known_by = connection.execute(
            """
            select kind, value from graph.contact_identifiers
            where list_contains($ids::varchar[], contact_id) and is_personal order by kind, value
            """,
            {"ids": [contact_id for contact_id, _ in people]},
        ).fetchall()
        contact_ids = connection.execute(
            "select distinct contact_id from graph.contact_identifiers"
            " where list_contains($hashes::varchar[], hash)",
            {"hashes": list(subject.hashes(key))},
        ).fetchall()
    except duckdb.CatalogException:
        people, known_by, contact_ids = [], [], []
    phones = [*subject.phones, *(value for kind, value in known_by if kind == "phone")]
    emails = [*subject.emails, *(value for kind, value in known_by if kind == "email")]
    widened = SubjectValues(
        phones=tuple(dict.fromkeys(phones)),
        emails=tuple(dict.fromkeys(emails)),
        names=tuple(dict.fromkeys(name.strip() for _, name in people if name and name.strip())),
    )
    raw_values = connection.execute(
        """
        select raw_value from raw.parsed_phones where list_contains($hashes::varchar[], phone_hash)
        union
        select raw_value from raw.parsed_emails where list_contains($hashes::varchar[], email_hash)
        """,
        {"hashes": list(widened.hashes(key))},
    ).fetchall()
    widened = replace(widened, raw_values=frozenset(row[0] for row in raw_values))
    return widened, [row[0] for row in contact_ids]
