"""Phone cells as they read inside another Gulf state: 050 123 4567 is a Saudi number, or one of Dubai.

Which country a row is in, SQL decides. Here the readings are made that it may ask for: of the cells of rows
of which a city, region or country column names such a state.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache

import duckdb
import phonenumbers

from python_jobs.landing.folding import fold_words
from python_jobs.landing.parse_phones import DEFAULT_REGION, ParsedPhone, parse_phones
from python_jobs.landing.set_based.phones import REGIONS
from python_jobs.warehouse.connection import PROJECT_ROOT

PLACE_FIELDS = ("country", "region", "city")
NO_PLACES = "select null::varchar as value, null::varchar as place where false"

STATES = tuple(state for state in REGIONS if state != DEFAULT_REGION)
# No national number of theirs is longer (`phonenumbers`), so that a longer one has its country code.
LONGEST_NATIONAL = 10
# Words of the longest name: United Arab Emirates (U.A.E.).
LONGEST_NAME = 6

SEEDS = PROJECT_ROOT / "seeds" / "normalisation"


def read_local_phones(connection: duckdb.DuckDBPyConnection, source: str) -> list[ParsedPhone]:
    """How cells read in the states that their rows name, where that is another number and not landed yet.

    `source` names a relation of (value, place): a phone cell beside a text that may name a place.
    """
    places = connection.execute(f"select distinct place from {source} where place is not null").fetchall()
    found = [(place, state) for (place,) in places for state in states_named(place)]
    if not found:
        return []
    connection.execute("create or replace temp table place_states (place varchar, state varchar)")
    connection.execute(
        "insert into place_states select unnest(?), unnest(?)",
        [[place for place, _ in found], [state for _, state in found]],
    )
    codes = " ".join(
        f"when '{state}' then '{phonenumbers.country_code_for_region(state)}'" for state in STATES
    )
    cells = connection.execute(
        f"""
        with named as (
            select distinct value, state
            from {source} as cells
            inner join temp.place_states as places on cells.place = places.place
            where trim(value) <> '' and not regexp_matches(value, '^[^0-9]*([+]|00)')
        )
        select value, state
        from named
        where not (
            length(regexp_replace(value, '[^0-9]', '', 'g')) > {LONGEST_NATIONAL}
            and starts_with(regexp_replace(value, '[^0-9]', '', 'g'), case state {codes} end)
        )
        and not exists (
            select 1 from raw.parsed_phones as parsed
            where parsed.raw_value = named.value and parsed.dialled_in = named.state
        )
        """
    ).fetchall()
    connection.execute("drop table temp.place_states")
    return [number for value, state in cells for number in _other_reading(value, state)]


def _other_reading(cell: str, state: str) -> list[ParsedPhone]:
    read = parse_phones(cell, state)
    numbers = [number.e164 for number in read if number.is_valid]
    if not numbers or numbers == [number.e164 for number in parse_phones(cell) if number.is_valid]:
        return []
    return read


def numbers_anywhere(cell: str) -> list[str]:
    """The valid numbers (E.164) that a cell may be: at home first, then, without country code, elsewhere."""
    readings = [parse_phones(cell), *(parse_phones(cell, state) for state in STATES)]
    return list(dict.fromkeys(number.e164 for reading in readings for number in reading if number.is_valid))


def states_named(text: str) -> set[str]:
    """The Gulf states other than Saudi Arabia that a text names, or of which it names a place; ISO codes."""
    words = [_bare(word) for word in fold_words(text)]
    return {
        state
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1)
        for state in _names().get("".join(words[start:end]), ())
    }


@cache
def _names() -> dict[str, set[str]]:
    """The spellings in the seeds of the states, their regions and cities, without spaces: Al Ain is Alain."""
    country_of_city = {row["city"]: row["country"] for row in _seed("cities")}
    country_of_region = {row["region_code"]: row["country"] for row in _seed("regions")}
    spelled = [
        *((row["synonym"], row["country"]) for row in _seed("country_synonyms")),
        *((row["synonym"], country_of_region.get(row["region_code"])) for row in _seed("region_synonyms")),
        *((row["synonym"], country_of_city.get(row["city"])) for row in _seed("city_synonyms")),
    ]
    names: dict[str, set[str]] = {}
    for synonym, country in spelled:
        if country in STATES:
            names.setdefault("".join(map(_bare, fold_words(synonym))), set()).add(country)
    return names


def _bare(word: str) -> str:
    # الكويت and كويت, as the models compare them.
    return re.sub(r"^ال(?=..)", "", word)


def _seed(name: str) -> Iterator[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
