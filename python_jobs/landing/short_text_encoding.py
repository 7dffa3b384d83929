"""Tells windows-1256, ISO-8859-6 and latin-1 apart when a file has only a few words beyond ASCII.

The two Arabic encodings share half of their letters, so that every byte is an Arabic letter in both: which
letters follow each other tells. What is usual is counted in the project's own Arabic seeds.
"""

import math
import re
from collections import Counter
from functools import cache
from itertools import pairwise

from python_jobs.warehouse.connection import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"
LATIN, USUAL_ARABIC, OTHER_ARABIC = "cp1252", "cp1256", "iso8859_6"
WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
ASCII_LETTER = re.compile(rb"[A-Za-z]")
OTHER_LETTER = re.compile(rb"[\xc0-\xff]")  # below are dashes, quotes and rare letters
ARABIC_WORD = re.compile("[\u0621-\u064a]+")
# With \x85, which is a space for Python: what is a sign in one encoding must count in the other as well.
BEYOND_ASCII = re.compile(r"[^\x00-\x7f\xa0]+")
# What Gulf lists usually come in needs less evidence.
PRIOR = {USUAL_ARABIC: math.log(3), OTHER_ARABIC: 0.0}
# A word that the seeds know is that much likelier than its letter pairs say.
KNOWN_WORD = math.log(100)
# A pair of letters that the seeds do not hold is rare, not impossible.
UNSEEN = 0.05


def short_text_encoding(sample: bytes) -> str:
    """cp1252, cp1256 or iso8859_6: the one that makes words of these bytes."""
    words = [word for word in WORD.findall(sample) if OTHER_LETTER.search(word)]
    # Caf\xe9 mixes both halves of the table in a word, as no Arabic word does.
    mixed = sum(bool(ASCII_LETTER.search(word)) for word in words)
    if mixed * 2 > len(words):
        return LATIN
    return arabic_encoding(sample)


def arabic_encoding(sample: bytes) -> str:
    """cp1256 or iso8859_6: the one that makes Arabic words of these bytes."""
    return max(PRIOR, key=lambda encoding: PRIOR[encoding] + _likelihood(sample, encoding))


def _likelihood(sample: bytes, encoding: str) -> float:
    """The logarithm of how likely the letter pairs and words of the text are."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return -math.inf
    words = BEYOND_ASCII.findall(text)
    known = _known_words()
    pairs = _letter_pairs()
    total = sum(pairs.values())
    return KNOWN_WORD * sum(word in known for word in words) + sum(
        math.log((pairs[pair] + UNSEEN) / total) for word in words for pair in pairwise(f" {word} ")
    )


@cache
def _letter_pairs() -> Counter[tuple[str, str]]:
    """How often one letter follows another, or begins or ends a word, in the Arabic of the seeds."""
    return Counter(pair for word in _arabic_words() for pair in pairwise(f" {word} "))


@cache
def _known_words() -> frozenset[str]:
    return frozenset(_arabic_words())


@cache
def _arabic_words() -> tuple[str, ...]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*/*.csv")))
    return tuple(word for text in texts for word in ARABIC_WORD.findall(text))
