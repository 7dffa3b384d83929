"""Gulf phone numbers in SQL, by the numbering plans that `phonenumbers` carries."""

from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberType

from python_jobs.landing import text_cleaning
from python_jobs.landing.parse_phones import DEFAULT_REGION, PHONE_TYPES

REGIONS = ("SA", "AE", "KW", "BH", "QA", "OM")

# In the order in which the library asks: the first plan that a number fits is its type.
_DESCRIPTIONS = (
    ("premium_rate", PhoneNumberType.PREMIUM_RATE),
    ("toll_free", PhoneNumberType.TOLL_FREE),
    ("shared_cost", PhoneNumberType.SHARED_COST),
    ("voip", PhoneNumberType.VOIP),
    ("personal_number", PhoneNumberType.PERSONAL_NUMBER),
    ("pager", PhoneNumberType.PAGER),
    ("uan", PhoneNumberType.UAN),
    ("voicemail", PhoneNumberType.VOICEMAIL),
    ("fixed_line", PhoneNumberType.FIXED_LINE),
    ("mobile", PhoneNumberType.MOBILE),
)

_OTHER_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９"

# Digits and what people put between them. A dash between spaces, a plus inside, and marks like 1) and 2-
# part two numbers.
_ONE_NUMBER = r"^[+]?[0-9(][0-9() -]*$"
_TWO_NUMBERS = " -+ |(?:^|[^0-9])[1-9] ?(?:[)]|- )"
_WHOLE_FLOAT = r"^[+]?[0-9]{6,}[.]0+$"
# A word before the number, or the extension behind it, of which the parser makes nothing else.
_LABELLED = r"^(?i:tel|telephone|mob|mobile|phone|cell)[:.]? *([+0-9(][0-9() -]*)$"
_WITH_EXTENSION = r"^([+]?[0-9(][0-9() -]*[0-9]),? (?i:ext|extn|extension)[.:]? ?([1-9][0-9]{0,4})$"
_LONGEST = 40
# The least digits of a WhatsApp chat id: parse_phones.PHONE_ADDRESS.
CHAT_ID_DIGITS = 8


def cleaning_table() -> tuple[str, str]:
    """The marks, spaces, dashes and digits that text_cleaning replaces, as arguments of translate()."""
    spaces = _members(text_cleaning.OTHER_SPACES)
    dashes = _members(text_cleaning.OTHER_DASHES)
    invisible = _members(text_cleaning.INVISIBLE_MARKS).replace("\x00", "")
    digits = "0123456789" * (len(_OTHER_DIGITS) // 10)
    return spaces + dashes + _OTHER_DIGITS + invisible, " " * len(spaces) + "-" * len(dashes) + digits


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
    """A SELECT of the parser's columns: the values of `source` (value, plain) that are one number.

    Each step is materialised: DuckDB would put the expressions into each other, and compute each many times.
    """
    codes = {str(PhoneMetadata.metadata_for_region(region).country_code): region for region in REGIONS}
    home = next(code for code, region in codes.items() if region == DEFAULT_REGION)
    regions = " ".join(f"when '{code}' then '{region}'" for code, region in codes.items())
    code_list = ", ".join(f"'{code}'" for code in codes)
    return f"""
        with digits as materialized (
            select
                value,
                extension,
                plain like '+%' and not is_float as has_plus,
                case
                    when is_float then regexp_extract(plain, '[0-9]+')
                    else regexp_replace(plain, '[^0-9]', '', 'g')
                end as digits
            from (
                select
                    value,
                    null::varchar as extension,
                    plain,
                    regexp_matches(plain, '{_WHOLE_FLOAT}') as is_float
                from {source}
                where length(plain) <= {_LONGEST} and lower(plain) = upper(plain)
                union all
                select
                    value,
                    nullif(regexp_extract(plain, '{_WITH_EXTENSION}', 2), '') as extension,
                    coalesce(
                        nullif(regexp_extract(plain, '{_WITH_EXTENSION}', 1), ''),
                        nullif(regexp_extract(plain, '{_LABELLED}', 1), '')
                    ) as plain,
                    false as is_float
                from {source}
                where length(plain) <= {_LONGEST} and lower(plain) <> upper(plain)
            )
            where is_float or (
                regexp_matches(plain, '{_ONE_NUMBER}') and not regexp_matches(plain, '{_TWO_NUMBERS}')
            )
        ),
        international as materialized (
            select
                value,
                extension,
                case
                    when has_plus then digits
                    when starts_with(digits, '00') then substr(digits, 3)
                    when starts_with(digits, '{home}') then digits
                    else '{home}' || digits
                end as digits
            from digits
        ),
        national as materialized (
            select
                value,
                extension,
                left(digits, 3) as code,
                case
                    when left(digits, 3) in ({_codes_with_zero(codes)}) and digits[4] = '0'
                        then substr(digits, 5)
                    else substr(digits, 4)
                end as number
            from international
            where left(digits, 3) in ({code_list})
        ),
        typed as materialized (
            select
                value,
                extension,
                code,
                number,
                case code
                    {" ".join(f"when '{code}' then {_type_of(region)}" for code, region in codes.items())}
                end as phone_type
            from national
        )
        select
            value,
            '+' || code || number as e164,
            phone_type,
            extension,
            case code {regions} end as region,
            '{DEFAULT_REGION}' as dialled_in
        from typed
        where phone_type is not null and not starts_with(number, '0')
    """


def _codes_with_zero(codes: dict[str, str]) -> str:
    """The codes of the regions whose numbers are dialled with a 0 before them at home."""
    found = [
        code
        for code, region in codes.items()
        if PhoneMetadata.metadata_for_region(region).national_prefix_for_parsing == "0"
    ]
    return ", ".join(f"'{code}'" for code in found)


def _type_of(region: str) -> str:
    metadata = PhoneMetadata.metadata_for_region(region)
    cases = [f"when not ({_fits(metadata.general_desc)}) then null"]
    for name, number_type in _DESCRIPTIONS:
        description = getattr(metadata, name)
        if description is not None and description.national_number_pattern:
            cases.append(f"when {_fits(description)} then '{PHONE_TYPES.get(number_type, 'other')}'")
    return f"case {' '.join(cases)} end"


def _fits(description) -> str:
    pattern = f"regexp_full_match(number, '{description.national_number_pattern}')"
    if not description.possible_length:
        return pattern
    return f"(length(number) in ({', '.join(map(str, description.possible_length))}) and {pattern})"
