"""The ranges of whole numbers that a digit pattern of `phonenumbers` stands for.

To compare a number with a few ranges costs a tenth of matching its text with the patterns.
"""

import itertools
import re
from collections import deque
from collections.abc import Collection, Iterator

Range = tuple[int, int]
# What may stand at each place of a number.
Places = tuple[str, ...]

_DIGITS = "0123456789"
_TOKEN = re.compile(r"\\d|\[[0-9-]+\]|[0-9]|\(\?:|[)|?]|\{[0-9]+(?:,[0-9]+)?\}")


def number_ranges(pattern: str, lengths: Collection[int] = ()) -> list[Range]:
    """The numbers that match the whole pattern, as (first, last) in order, both included.

    Only those of `lengths` digits, if any are given; never those that begin with 0, which a number
    does not show. Raises ValueError when the pattern has more than digits, sets, groups, alternatives
    and counts.
    """
    tokens = deque(_TOKEN.findall(pattern))
    if "".join(tokens) != pattern:
        raise ValueError(f"This pattern of numbers cannot be read: {pattern}")
    found: list[Range] = []
    for first, last in sorted(
        one
        for places in _alternatives(tokens)
        if not lengths or len(places) in lengths
        for one in _ranges(places)
    ):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def shared_ranges(left: Collection[Range], right: Collection[Range]) -> list[Range]:
    """The numbers that lie in ranges of both."""
    pairs = ((max(a, c), min(b, d)) for (a, b), (c, d) in itertools.product(left, right))
    return [(first, last) for first, last in pairs if first <= last]


def other_ranges(left: Collection[Range], right: Collection[Range]) -> list[Range]:
    """The numbers that lie in ranges of `left` and in none of `right`."""
    remaining = list(left)
    for first, last in right:
        beside = ((0, first - 1), (last + 1, 10**20))
        remaining = shared_ranges(remaining, beside)
    return remaining


def _alternatives(tokens: deque[str]) -> list[Places]:
    """What the tokens up to the end of their group can be."""
    found: list[Places] = []
    current: list[Places] = [()]
    while tokens and tokens[0] != ")":
        token = tokens.popleft()
        if token == "|":
            found += current
            current = [()]
            continue
        if token == "(?:":
            part = _alternatives(tokens)
            tokens.popleft()
        else:
            part = [(_members(token),)]
        least, most = _count(tokens)
        repeated = [
            sum(chosen, ())
            for times in range(least, most + 1)
            for chosen in itertools.product(part, repeat=times)
        ]
        current = [head + tail for head, tail in itertools.product(current, repeated)]
    return found + current


def _members(token: str) -> str:
    return _DIGITS if token == r"\d" else "".join(digit for digit in _DIGITS if re.match(token, digit))


def _count(tokens: deque[str]) -> tuple[int, int]:
    if not tokens or tokens[0][0] not in "?{":
        return 1, 1
    token = tokens.popleft()
    counts = [0, 1] if token == "?" else [int(count) for count in token[1:-1].split(",")]
    return counts[0], counts[-1]


def _ranges(places: Places) -> Iterator[Range]:
    """The ranges of numbers whose digits stand in these places."""
    free = len(list(itertools.takewhile(lambda members: members == _DIGITS, reversed(places))))
    for head in itertools.product(*places[: len(places) - free]):
        start = int("".join(head) or "0") * 10**free
        leading_zeros = not head or head[0] == "0"
        first = max(start, 10 ** (len(places) - 1)) if leading_zeros else start
        last = start + 10**free - 1
        if first <= last:
            yield first, last
