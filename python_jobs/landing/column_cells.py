"""What the cells of a column look like, for headers that leave open what they mean."""

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from python_jobs.landing.parse_emails import parse_emails
from python_jobs.landing.parse_phones import parse_phones
from python_jobs.landing.parse_urls import parse_urls
from python_jobs.landing.text_cleaning import ascii_digits, clean_marks, is_placeholder

MOST_CELLS = 100
NATIONAL_ID = re.compile(r"^[12]\d{9}$")
COORDINATES = re.compile(r"^\(?-?\d{1,3}\.\d{3,},?\s*-?\d{1,3}\.\d{3,}\)?$")
LINKEDIN = re.compile(r"linkedin\.com/(?:in|pub|sales|profile)/", re.IGNORECASE)
LINKEDIN_PAGE = re.compile(r"linkedin\.com/(?:company|school|showcase)/", re.IGNORECASE)
MAP_PAGE = re.compile(
    r"(?:google\.[a-z.]+/maps|maps\.google\.|goo\.gl/maps|maps\.app\.goo\.gl|g\.page/|maps\.apple\.com)",
    re.IGNORECASE,
)
JOB_TITLE = re.compile(
    r"\b(?:manager|director|officer|chief|head|president|owner|founder|partner|engineer|supervisor|"
    r"coordinator|specialist|executive|assistant|accountant|consultant|representative|secretary|"
    r"ceo|cfo|coo|cto|cmo|vp|hr)\b|مدير|رئيس|مسؤول|مشرف|مهندس|محاسب|سكرتير|أخصائي|اخصائي|مالك|مندوب|منسق",
    re.IGNORECASE,
)
SALUTATION = re.compile(r"^(?:mr|mrs|ms|miss|dr|eng|prof|sir|السيد|السيدة|د|م|أ)\.?$", re.IGNORECASE)


class ColumnCells:
    """The filled cells of one column in the sample of a file; every share is of these, 0 to 1."""

    def __init__(self, values: Sequence[str]):
        self.sampled = len(values)
        cleaned = [clean_marks(value) for value in values]
        self.filled = [value for value in cleaned if value and not is_placeholder(value)]

    @property
    def fill_rate(self) -> float:
        """The share of cells that say something; 1 when there is no sample to tell."""
        return len(self.filled) / self.sampled if self.sampled else 1.0

    @property
    def different(self) -> float:
        """The share of different values: low in a column of categories."""
        return len({value.casefold() for value in self.filled}) / max(len(self.filled), 1)

    @cached_property
    def emails(self) -> float:
        return self._share(lambda value: any(found.is_valid for found in parse_emails(value)))

    @cached_property
    def phones(self) -> float:
        return self._share(lambda value: any(found.is_valid for found in parse_phones(value)))

    @cached_property
    def websites(self) -> float:
        return self._share(
            lambda value: "@" not in value and any(found.is_valid for found in parse_urls(value))
        )

    @cached_property
    def national_ids(self) -> float:
        """Ten digits that begin with 1 or 2 and pass Luhn: of other numbers one in ten does by chance."""
        return self._share(lambda value: _is_national_id(ascii_digits(value).removesuffix(".0")))

    def like(self, pattern: re.Pattern) -> float:
        """The share of cells in which the pattern is found."""
        return self._share(lambda value: bool(pattern.search(value)))

    @cached_property
    def long_texts(self) -> float:
        """Cells that are lists of words, as addresses are and names of places are not."""
        return self._share(lambda value: len(value) > 30 or value.count(",") + value.count("،") > 1)

    def _share(self, holds: Callable[[str], bool]) -> float:
        looked_at = self.filled[:MOST_CELLS]
        return sum(map(holds, looked_at)) / max(len(looked_at), 1)


def _is_national_id(digits: str) -> bool:
    return bool(NATIONAL_ID.match(digits)) and _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - position % 2) for position, digit in enumerate(digits))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
