"""What `phonenumbers` makes of a phone cell: every number in it, valid or with the reason why not.

The library reads each number, as dialled inside a country (SA, unless told). Around it stand the steps it
does not do: invisible marks out, digits to ASCII, spreadsheet floats, several numbers in one cell, URLs and
emails kept apart (a `tel:` or WhatsApp address is its number). Nothing is ever cut off to make a number fit.
"""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, ValidationResult

from python_jobs.landing.folding import project_settings
from python_jobs.landing.text_cleaning import ascii_digits, clean_marks, is_placeholder

LIBRARY = "phonenumbers"
LIBRARY_VERSION = phonenumbers.__version__
DEFAULT_REGION = project_settings()["home_country"]

# A number that may be a person's is called mobile: the stricter rules for personal data then hold.
PHONE_TYPES = {
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    PhoneNumberType.PERSONAL_NUMBER: "mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.UAN: "uan",
}

# Some 250 numbers. What is longer is no cell of phones, and the patterns take the square of the length.
LONGEST_CELL = 4_000
HAS_LETTER = re.compile(r"[^\W\d_]")
# Addresses that are a phone number: WhatsApp's click-to-chat links and chat ids, RFC 3966 and its like.
PHONE_ADDRESS = re.compile(
    r"(?:(?:https?://)?(?:www\.)?wa\.me/(?:send/?\?phone=)?"
    r"|(?:https?://)?(?:www\.|api\.|web\.|chat\.)?whatsapp\.com/send/?\?(?:[^\s#]*?&)?phone="
    r"|whatsapp:/*send/?\?(?:[^\s#]*?&)?phone="
    r"|(?:tel|callto|sms|smsto)://)"
    r"(?:%2b|[+ ])?([0-9][0-9.()-]{5,19})(?![0-9a-z])(?:[/?&#;][^\s,;|<>\"']*)?"
    r"|(?<![\w.+-])\+?([0-9]{8,15})@(?:s\.whatsapp\.net|c\.us)\b",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[^\s@<>,;|/]+@[^\s@<>,;|]+")
URL = re.compile(
    r"[a-z][a-z0-9+]*://\S+|\bwww\.\S+|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?![\w.-])(?:[/?:]\S*)?",
    re.IGNORECASE,
)
EXTENSION_WORDS = re.compile(
    r"[;,]?\s*(?:;\s*ext\s*=|\b(?:extension|extn|ext)\b\.?|\bext(?=\d)|تحويلة|تحويله|تحويل|داخلي|وصلة)\s*[:.#-]?\s*(?=\d)",
    re.IGNORECASE,
)
# RFC 3966: the country stands behind the number, which only the library puts together.
PHONE_CONTEXT = re.compile(r";\s*(?:phone-context=\+|isub=)\d", re.IGNORECASE)
FAX = re.compile(r"(?:fax|فاكس|\bf|\bف)\s*(?:no|number|رقم)?\.?\s*[:.-]?\s*$", re.IGNORECASE)
# 0112345679 (fax), and what stands alone with the word. Of "Tel 0112345678 Fax" the fax is what is missing.
FAX_BEHIND = re.compile(r"^\s*\(\s*(?:fax|فاكس)\s*\)|^\s*(?:fax|فاكس)\W*$(?<!:)", re.IGNORECASE)
# "Tel/Fax", "تلفاكس": a line that is answered as well.
PHONE_AND_FAX = re.compile(
    r"\b(?:(?:tele|tel)[\s.-]*fax|(?:ت[لي]{1,3}[\s.-]*فاكس)"
    r"|(?:t|tel|telephone|ph|phone|هاتف|تلفون|تليفون|ت)\s*\.?\s*(?:[/&+,،-]|and|و)\s*(?:fax|f|فاكس|ف)"
    r"|(?:fax|f|فاكس|ف)\s*\.?\s*(?:[/&+,،-]|and|و)\s*(?:telephone|tel|t|phone|هاتف|تلفون|تليفون|ت))\b",
    re.IGNORECASE,
)
LETTER_BEFORE_SLASH = re.compile(r"\b([tfmp]|[تفج])\s*/\s*(?=[+(\d])", re.IGNORECASE)
# "1) 050... 2) 055..." and "Mobile 2: 055...": what counts the numbers is none.
LIST_MARK = re.compile(r"(?<![\d+.(-])\s*(?<!\d)([1-9])\s?(?:\)\s*|[.:-]\s+)(?=[^\W\d_]|[+(\d])")
MARK_AND_SPACE = re.compile(r"[1-9]\s?[.:-]\s|[^\W\d_]\s*#?\s*[1-9]\s*:")
NUMBERED_LABEL = re.compile(r"([^\W\d_])\s*#?\s*[1-9]\s*(?::|\)|-\s)\s*(?=[+(\d])")
# 966+5... and (966+) 5... are +966 5... typed into a right-to-left cell, and so is 5... 966+.
PLUS_AFTER_CODE = re.compile(r"(?<![\d+])(?:00)?(966|971|965|968|973|974)\s*\+\s*\)?\s*(?=\(?\d)")
CODE_BEHIND = re.compile(r"^([\d\s().-]+?)[\s(]+(966|971|965|968|973|974)\s*\+\s*\)?$")
STRONG_SEPARATOR = re.compile(
    r"[;؛|\n\r\t&]+|\s+(?:(?:or|and|او|أو|و)\s+|(?:او|أو|و)(?=[+(\d]))|(?<=\d)(?:او|أو|و)(?=[+(\d])|(?<=\d)\s*(?=\+\s*\(?\d)",
    re.IGNORECASE,
)
LINE_COUNT = re.compile(r"(?<=\d)\s+\d{1,2}\s*(?:lines?|خطوط)\b", re.IGNORECASE)
OPENING_HOURS = re.compile(r"\b24\s*/\s*7\b")
WEAK_SEPARATOR = re.compile(r"[/\\,،]+|\s+-+\s+")
# A bracket that is not closed held words too: 0112345678 (4 lines).
SHORT_TAIL = re.compile(r"\s*(?:(?:-\s*\d{1,2})+|-\s*\d{3,4}|\(\s*\d{1,4}\s*\)?)$")
NUMBER_TEXT = re.compile(
    r"(?:\+[\s(]*)*\(?\d(?:[\d\s().+\-]*\d)?(?:\s*\))?(?:\s*\+(?!\s*\d))?(?:\s*(?:x|ext|#)\s*\d{1,7}(?!\w))?",
    re.IGNORECASE,
)
LABEL_WORDS = (
    r"(?:t|m|p|tel|telephone|mob|mobile|ph|phone|cell|whatsapp|wa|call|no|number|office|"
    r"ت|ج|هاتف|جوال|تلفون|تليفون|موبايل|واتس|واتساب|رقم)"
)
LABEL_BEFORE = re.compile(rf"(?:^|[^\w]){LABEL_WORDS}$", re.IGNORECASE)
LABEL_AFTER = re.compile(rf"^(?:{LABEL_WORDS}|fax|f|فاكس|ف)(?!\w)", re.IGNORECASE)
# 97144445555: the plus is what spreadsheets lose first, 0966... has lost the other zero of 00. The country
# code of a Gulf state.
WITHOUT_PLUS = re.compile(r"\(?0?(?:966|971|965|968|973|974)[\d\s().-]*")
ONE_EXTENSION = re.compile(r"(?:\bext|x)\s*\d{1,7}\W*$", re.IGNORECASE)
WHOLE_FLOAT = re.compile(r"^\+?(\d{6,})\.0+$")
SCIENTIFIC = re.compile(r"^\+?(\d)(?:\.(\d+))?e\+?(\d+)$", re.IGNORECASE)
DECIMAL = re.compile(r"^\+?\d{6,}\.\d{1,2}$")


@dataclass(frozen=True)
class ParsedPhone:
    """One number of a cell. Exactly one of `e164` and `reject_reason` is set."""

    raw_value: str
    position: int
    is_valid: bool
    e164: str | None = None
    phone_type: str | None = None
    region: str | None = None
    extension: str | None = None
    reject_reason: str | None = None
    dialled_in: str = DEFAULT_REGION


def parse_phones(cell: str | None, dialled_in: str = DEFAULT_REGION) -> list[ParsedPhone]:
    """Every number of the cell in order; one invalid row when it has none. Never raises.

    `dialled_in` is the ISO code of the country that a number without country code belongs to. Reasons: empty,
    placeholder, no_digits, url_not_phone, email_not_phone, fax_number, letters_in_number,
    precision_lost, decimal_number, too_short, too_long, invalid_number.
    """
    raw = cell or ""
    found = _read_cell(ascii_digits(clean_marks(raw)), dialled_in)
    return [
        ParsedPhone(raw, position, dialled_in=dialled_in, **values)
        for position, values in enumerate(found, start=1)
    ]


def _read_cell(text: str, region: str) -> list[dict]:
    if not text:
        return [_invalid("empty")]
    if len(text) > LONGEST_CELL:
        return [_invalid("too_long")]
    text = text.replace("\uff0b", "+").replace("_", "-")
    misplaced = []
    if ";" in text and PHONE_CONTEXT.search(text):
        return [_read_number(text, region)]
    if "@" in text or HAS_LETTER.search(text):
        text = PHONE_ADDRESS.sub(lambda found: f" ; {_international(found[1] or found[2])} ; ", text)
        # Out before the cell is split: the digits of an address are never a phone.
        for pattern, reason in ((EMAIL, "email_not_phone"), (URL, "url_not_phone")):
            text, count = pattern.subn(" ; ", text)
            misplaced += [_invalid(reason)] * count
        text = EXTENSION_WORDS.sub(" ext ", text)
        text = PHONE_AND_FAX.sub(" tel ", text)
        text = LETTER_BEFORE_SLASH.sub(r"\1: ", text)
        text = LINE_COUNT.sub("", text)
    if "/" in text:
        text = OPENING_HOURS.sub(" ; ", text)
    text = _without_list_marks(text)
    if "+" in text[1:]:
        text = PLUS_AFTER_CODE.sub(r"+\1 ", text)
    numbers = [number for part in STRONG_SEPARATOR.split(text) for number in _read_part(part, region)]
    if numbers or misplaced:
        return numbers + misplaced
    return [_invalid("placeholder" if is_placeholder(text) else "no_digits")]


def _without_list_marks(text: str) -> str:
    """The text with `1) ... 2) ...` as separators and without the number of a numbered label."""
    if ")" not in text and not MARK_AND_SPACE.search(text):
        return text
    marks = LIST_MARK.findall(text)
    if len(marks) > 1 and marks == [str(position) for position in range(1, len(marks) + 1)]:
        text = LIST_MARK.sub(" ; ", text)
    return NUMBERED_LABEL.sub(r"\1: ", text)


def _read_part(part: str, region: str) -> list[dict]:
    """The numbers of a part without line breaks; a comma or slash may separate numbers or digits."""
    pieces = [piece for piece in WEAK_SEPARATOR.split(part) if any(map(str.isdigit, piece))]
    if not pieces:
        return []
    read = [number for piece in pieces for number in _read_piece(piece, region)]
    if len(pieces) == 1 or any(number["is_valid"] for number in read):
        return read
    # 011/4567890 and 050,123,4567 are one number written with separators: its pieces are all short.
    if len(re.sub(r"\D", "", pieces[0])) <= 4 and all(len(re.sub(r"\D", "", piece)) <= 7 for piece in pieces):
        joined = _read_number(" ".join(pieces), region)
        if joined["is_valid"]:
            return [joined]
    return read


def _read_piece(piece: str, region: str) -> list[dict]:
    compact = re.sub(r"\s", "", piece)
    if SCIENTIFIC.match(compact) or WHOLE_FLOAT.match(compact) or DECIMAL.match(compact):
        return [_read_spreadsheet_number(compact, region)]
    # The library reads the letters of a keypad: 05x xxx xxxx would be a number that nobody wrote.
    if not HAS_LETTER.search(ONE_EXTENSION.sub("", piece)):
        whole = _read_number(piece, region)
        if whole["is_valid"]:
            return [whole]
    read = []
    for match in NUMBER_TEXT.finditer(piece):
        before, after = piece[: match.start()], piece[match.end() :]
        if FAX.search(before) or (
            FAX_BEHIND.search(after) and ("(" in after or not HAS_LETTER.search(before))
        ):
            read.append(_invalid("fax_number"))
        elif (after[:1].isalpha() and not LABEL_AFTER.search(after)) or (
            before[-1:].isalpha() and not LABEL_BEFORE.search(before)
        ):
            read.append(_invalid("letters_in_number"))
        else:
            read += _read_numbers_apart_by_spaces(match.group().strip(), region)
    if len(read) > 1 and all(number["reject_reason"] == "letters_in_number" for number in read):
        return read[:1]
    return read


def _read_numbers_apart_by_spaces(text: str, region: str) -> list[dict]:
    """Usually one number; two or more when the whole is none but every word (or run of words) is one."""
    whole = _read_number(text, region)
    if whole["is_valid"]:
        return [whole]
    # 0114654321-2 and 0114654321 (101): a number with the last digit of a second line, or a desk.
    if tail := SHORT_TAIL.search(text):
        first = _read_number(text[: tail.start()], region)
        if first["is_valid"]:
            return [first, _invalid("too_short")]
    words = re.split(r"[\s-]+", text)
    if len(words) < 2 or sum(map(str.isdigit, text)) < 14:
        return [whole]
    numbers, run = [], []
    for word in words:
        run.append(word)
        candidate = _read_number(" ".join(run), region)
        if candidate["is_valid"]:
            numbers.append(candidate)
            run = []
    return numbers if numbers and not run else [whole]


def _international(digits: str) -> str:
    """The number of a WhatsApp address, which is written with its country and without a plus."""
    digits = re.sub(r"[^0-9]", "", digits)
    return digits if digits.startswith("0") else f"+{digits}"


def _read_spreadsheet_number(text: str, region: str) -> dict:
    """A number that a spreadsheet stored as a float: read when all its digits are still there."""
    if whole := WHOLE_FLOAT.match(text):
        return _read_number(whole[1], region)
    if scientific := SCIENTIFIC.match(text):
        digits = scientific[1] + (scientific[2] or "")
        if len(digits) - 1 != int(scientific[3]):
            return _invalid("precision_lost")
        return _read_number(digits, region)
    return _invalid("decimal_number")


def _read_number(text: str, region: str) -> dict:
    """One number as the library reads it."""
    text = text.strip()
    if text.endswith(("+", "+)")):
        text = CODE_BEHIND.sub(r"+\2 \1", text)
    if text.endswith("+"):  # +966… seen in a right-to-left cell and typed again from left to right
        text = text.rstrip("+ ")
    text = re.sub(r"^[\s(]*\+[\s(]*(?=00|\+)", "", text)
    text = re.sub(r"^[\s(]*\+[\s(]*0(?!0)", "0", text)
    digits = sum(map(str.isdigit, text))
    if not digits:
        return _invalid("no_digits")
    try:
        number = phonenumbers.parse(text, region)
        if WITHOUT_PLUS.fullmatch(text) and not phonenumbers.is_valid_number(number):
            international = phonenumbers.parse("+" + text.lstrip("(0"))
            number = international if phonenumbers.is_valid_number(international) else number
    except NumberParseException as problem:
        too_short = problem.error_type == NumberParseException.TOO_SHORT_NSN or digits < 7
        too_long = problem.error_type == NumberParseException.TOO_LONG or digits > 17
        return _invalid("too_short" if too_short else "too_long" if too_long else "invalid_number")
    if not phonenumbers.is_valid_number(number):
        possible = phonenumbers.is_possible_number_with_reason(number)
        if possible in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
            return _invalid("too_short", number.extension)
        return _invalid(
            "too_long" if possible == ValidationResult.TOO_LONG else "invalid_number",
            number.extension,
        )
    return {
        "is_valid": True,
        "e164": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        "phone_type": PHONE_TYPES.get(phonenumbers.number_type(number), "other"),
        "region": phonenumbers.region_code_for_number(number),
        "extension": number.extension,
        "reject_reason": None,
    }


def _invalid(reason: str, extension: str | None = None) -> dict:
    return {"is_valid": False, "reject_reason": reason, "extension": extension}
