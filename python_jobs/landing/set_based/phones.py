"""Gulf phone numbers in SQL, by the numbering plans that `phonenumbers` carries."""

from functools import cache, reduce

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberType

from python_jobs.landing import text_cleaning
from python_jobs.landing.parse_phones import DEFAULT_REGION, PHONE_TYPES
from python_jobs.landing.set_based.number_ranges import Range, number_ranges, other_ranges, shared_ranges

REGIONS = ("SA", "AE", "KW", "BH", "QA", "OM")

# In the order in which the library asks: the first type all of whose plans a number fits is its type.
_PLANS_OF_TYPES = (
    (PhoneNumberType.PREMIUM_RATE, ("premium_rate",)),
    (PhoneNumberType.TOLL_FREE, ("toll_free",)),
    (PhoneNumberType.SHARED_COST, ("shared_cost",)),
    (PhoneNumberType.VOIP, ("voip",)),
    (PhoneNumberType.PERSONAL_NUMBER, ("personal_number",)),
    (PhoneNumberType.PAGER, ("pager",)),
    (PhoneNumberType.UAN, ("uan",)),
    (PhoneNumberType.VOICEMAIL, ("voicemail",)),
    (PhoneNumberType.FIXED_LINE_OR_MOBILE, ("fixed_line", "mobile")),
    (PhoneNumberType.FIXED_LINE, ("fixed_line",)),
    (PhoneNumberType.MOBILE, ("mobile",)),
)

_ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
_OTHER_DIGITS = _ARABIC_DIGITS + "۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９"

# Digits and what people put between them. A dash between spaces, a plus inside, and marks like 1) and 2-
# part two numbers.
_ONE_NUMBER = "[+]?[0-9(][0-9() -]*"
_TWO_NUMBERS = " -+ |(?:^|[^0-9])[1-9] ?(?:[)]|- )"
_WHOLE_FLOAT = r"^[+]?[0-9]{6,}[.]0+$"
# A word before the number, or the extension behind it, of which the parser makes nothing else.
_LABELLED = rf"^(?i:tel|telephone|mob|mobile|phone|cell)[:.]? *({_ONE_NUMBER})$"
_WITH_EXTENSION = rf"^({_ONE_NUMBER}[0-9]),? (?i:ext|extn|extension)[.:]? ?([1-9][0-9]{{0,4}})$"
_LONGEST = 40
# The least digits of a WhatsApp chat id: parse_phones.PHONE_ADDRESS.
CHAT_ID_DIGITS = 8


def cleaned(text: str) -> str:
    """A SQL expression: the text with the marks, spaces, dashes and digits that text_cleaning replaces."""
    spaces = _members(text_cleaning.OTHER_SPACES)
    dashes = _members(text_cleaning.OTHER_DASHES)
    invisible = _members(text_cleaning.INVISIBLE_MARKS).replace("\x00", "")
    digits = "0123456789" * (len(_OTHER_DIGITS) // 10)
    replaced = spaces + dashes + _OTHER_DIGITS + invisible
    replacements = " " * len(spaces) + "-" * len(dashes) + digits
    # translate() puts its table together for every value: most have no more than Arabic digits.
    return f"""case
        when length({text}) = strlen({text}) then {text}
        when regexp_full_match({text}, '[ -~{_ARABIC_DIGITS}]*')
            then translate({text}, '{_ARABIC_DIGITS}', '0123456789')
        else translate({text}, '{replaced}', '{replacements}')
    end"""


def _members(pattern) -> str:
    return "".join(character for character in map(chr, range(0x10000)) if pattern.fullmatch(character))


@cache
def fewest_digits() -> int:
    """No valid number of any country, written with or without its country code, has fewer digits."""
    shortest = []
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        for region in regions:
            metadata = (
                PhoneMetadata.metadata_for_nongeo_region(code)
                if region == "001"
                else PhoneMetadata.metadata_for_region(region)
            )
            national = min(metadata.general_desc.possible_length)
            shortest.append(national if region == DEFAULT_REGION else national + len(str(code)))
    return min(shortest)


def never_valid() -> str:
    """Over temp.cells: surely no valid number in the value. (A chat id is a number with an @ behind it.)"""
    return f"""(
        coalesce(
            not {_has_digits(fewest_digits())}
            or (email_parts is not null and not {_has_digits(CHAT_ID_DIGITS)}),
            false
        )
    )"""


def _has_digits(count: int) -> str:
    return f"regexp_matches(plain, '(?:[0-9][^0-9]*){{{count}}}')"


def accepted(source: str) -> str:
    """A SELECT of the parser's columns for the values of `source` (value, plain).

    They are NULL where something else stands than one number that is surely valid.
    """
    codes = {region: str(PhoneMetadata.metadata_for_region(region).country_code) for region in REGIONS}
    home = codes[DEFAULT_REGION]
    without_trunk_zero = " ".join(
        f"when starts_with(digits, '{code}0') then '{code}' || substr(digits, {len(code) + 2})"
        for region, code in codes.items()
        if _has_trunk_zero(region)
    )
    types = " ".join(
        f"when number between {first} and {last} then '{phone_type}'"
        for first, last, phone_type in types_of_numbers()
    )
    regions = " ".join(
        f"when starts_with(digits, '{code}') then '{region}'" for region, code in codes.items()
    )
    # Materialised where DuckDB would put one expression into another and compute it many times.
    return f"""
        with written as materialized (
            select
                value,
                case
                    when length(plain) > {_LONGEST} then null
                    when regexp_full_match(plain, '{_ONE_NUMBER}') then plain
                    when regexp_matches(plain, '{_WHOLE_FLOAT}') then regexp_extract(plain, '[0-9]+')
                    else
                        coalesce(
                            nullif(regexp_extract(plain, '{_WITH_EXTENSION}', 1), ''),
                            nullif(regexp_extract(plain, '{_LABELLED}', 1), '')
                        )
                end as text,
                case
                    when contains(plain, 'x') or contains(plain, 'X')
                        then nullif(regexp_extract(plain, '{_WITH_EXTENSION}', 2), '')
                end as extension
            from {source}
        ),
        digits as (
            select
                value,
                extension,
                starts_with(text, '+') as has_plus,
                case
                    when not regexp_matches(text, '{_TWO_NUMBERS}')
                        then regexp_replace(text, '[^0-9]+', '', 'g')
                end as digits
            from written
        ),
        numbers as materialized (
            select
                value,
                extension,
                try_cast(
                    case
                        when has_plus or starts_with(digits, '{home}')
                            then case when not starts_with(digits, '0') then digits end
                        when starts_with(digits, '000') then null
                        when starts_with(digits, '00') then digits
                        else '{home}' || digits
                    end
                    as ubigint
                ) as number
            from digits
        ),
        typed as (
            select
                value,
                extension,
                case {types} end as phone_type,
                case when phone_type is not null then cast(number as varchar) end as digits
            from numbers
        )
        select
            value,
            '+' || case {without_trunk_zero} else digits end as e164,
            phone_type,
            case when phone_type is not null then extension end as extension,
            case {regions} end as region,
            '{DEFAULT_REGION}' as dialled_in
        from typed
    """


def _has_trunk_zero(region: str) -> bool:
    """Whether the region's numbers are dialled with a 0 before them at home."""
    return PhoneMetadata.metadata_for_region(region).national_prefix_for_parsing == "0"


def types_of_numbers() -> list[tuple[int, int, str]]:
    """First and last number behind a country code, with and without the trunk zero, and their type.

    No number lies in two of them; the widest, in which most numbers lie, come first.
    """
    found = []
    for region in REGIONS:
        metadata = PhoneMetadata.metadata_for_region(region)
        codes = [str(metadata.country_code)] + [f"{metadata.country_code}0"] * _has_trunk_zero(region)
        left = _numbers_of(metadata, "general_desc")
        for number_type, plans in _PLANS_OF_TYPES:
            of_type = reduce(shared_ranges, (_numbers_of(metadata, plan) for plan in plans), left)
            left = other_ranges(left, of_type)
            phone_type = PHONE_TYPES.get(number_type, "other")
            for first, last in of_type:
                found += [(int(f"{code}{first}"), int(f"{code}{last}"), phone_type) for code in codes]
    return sorted(found, key=lambda numbers: numbers[0] - numbers[1])


def _numbers_of(metadata: PhoneMetadata, plan: str) -> list[Range]:
    """The national numbers of one of the region's plans."""
    description = getattr(metadata, plan)
    if description is None or not description.national_number_pattern:
        return []
    return number_ranges(description.national_number_pattern, description.possible_length)
