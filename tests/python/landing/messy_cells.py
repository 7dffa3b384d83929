"""Phone, email and website cells as people, spreadsheets and word processors leave them, made from a seed.

As a program it compares the set-based reading with the parsers on as many cells as are asked for:
    python tests/python/landing/messy_cells.py 1000000 --seed 7
"""

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from python_jobs.landing import parse_emails, parse_phones, parse_urls
from python_jobs.landing.set_based import cells, emails, phones, urls

ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
SLIPS = (
    *(" ", "-", "  ", " - ", "(", ")", ".", "/", "+", "\u200e", "\u202a", "\u202c", "\u00a0", "\u2011", "x"),
    *(
        "ext",
        "#",
        "،",
        ",",
        ";",
        " و ",
        "0",
        "\t",
        "أ",
        "T",
        "٫",
        "*",
        "~",
        " -",
        "- ",
        ".0",
        ".00",
        "e",
        "\n",
    ),
    *("—", "--", " 2) ", "(101)", "-2", "fax", "1) ", "&nbsp;", "&amp;", "&#64;", "&b;"),
)
CODES = (
    *("+966", "00966", "966", "0", "", "+9660", "(0)", "+971", "971", "00971", "+965", "965", "973", "+974"),
    *("974", "968", "+966 0", "+966 (0)", "966-0", "+97450", "+9740080", "966+", "+20", "0044", "1"),
)
LOCAL_PARTS = (
    *("info", "sales", "a.b", "a..b", ".a", "x+y", "na", "test", "no-email", "Info", "A_B", "-a", "a-", "é"),
    *("محمد", '"q"', "o'k", "a&b", "1", "966501234567", "mail", "xxx", "user%x", "u=v", "q?x"),
)
LABELS = (
    *("acme", "www", "al-rajhi", "-bad", "bad-", "a--b", "xn--abc", "ab--cd", "shop", "m", "no", "data", "p"),
    *("o", "1", "365", "x" * 63, "x" * 64, "gmail", "mailinator", "hotmail", "a_b", "АБ", "ex ample", "www2"),
    *("not", "available", "site", "mail", "http", "https"),
)
ENDINGS = (
    *("com", "sa", "com.sa", "med.sa", "net", "org", "co.uk", "ck", "www.ck", "foo.ck", "kawasaki.jp", "box"),
    *("city.kawasaki.jp", "blogspot.com", "salla.sa", "xyz", "local", "test", "example", "invalid", "arpa"),
    *("onion", "home", "unknownzz", "xn--mgberp4a5d4ar", "السعودية", "github.io", "compute.amazonaws.com"),
    *("transurl.be", "x.transurl.be", "s.whatsapp.net", "c.us", "fb.com", "twitter.com", "domain.com", "12"),
    *("c0m", "qa", "ae", "io", "s3.amazonaws.com"),
)
SCHEMES = (
    *(
        "",
        "",
        "http://",
        "https://",
        "HTTPS://",
        "http:/",
        "http//",
        "https:",
        "ftp://",
        "//",
        "www.",
        "site: ",
    ),
    *("http://www.", "httpp://", "http://http://", "https://https://", "ttp://", "www,"),
)
PATHS = (
    *(
        "",
        "",
        "/",
        "/a",
        "/a/b.html",
        "/?x=1",
        "?a=b&c=d",
        "?",
        "/?",
        "#top",
        ":8080",
        "/a b",
        "//",
        "/https",
    ),
    *("/http://x.com", "/www.b.sa", "/x/WWW.c.sa", "/%41bc", "/A_b-c/", ".", "/.", "/..", ",", "/a;b", "/~x"),
    *("/x@y", "/x?u=http://y.com", "/x?q=a=b..", "/عربي"),
)
WORDS = (
    *("n/a", "-", "لا يوجد", "none", "0000000000", "1234567890", "not available.", "-.", "169.254.169.254"),
    *(
        "http://127.0.0.1/",
        "acme",
        "x.xx",
        "no.data",
        "no.site",
        "50",
        "+",
        "()",
        "012",
        "٠",
        "٠٥٠",
        ".",
        "..",
    ),
    *(
        "http://",
        "www.",
        "0501234567 / 0112345678",
        "0501234567,0112345678",
        "050 - 1234567",
        "966501234567+",
    ),
    *(
        "Tel: 0112345678 ext 5",
        "fax 0112345678",
        "1e9",
        "5.01E+8",
        "501234567.5",
        "501234567.0",
        "800 1234567",
    ),
    *("9200 12345", "8001240000", "wa.me/966501234567", "https://api.whatsapp.com/send?phone=966501234567"),
    *("0501234567@gmail.com", "+43 1112", "+431112", "112", "911", "www,sa", "WWW , acme.sa", "www,acme com"),
    *("mailto:a%40b.com", "1) 0501234567 2) 0112345678", "1) 0501234567", "966+501234567", "0114654321-2"),
    *(
        "1- 2) 25-29144",
        "0114654321 (101)",
        "(1) 0501234567",
        "5 0501234567",
        "0501234567 0112345678",
        "m.fb.com/x",
        "fb.com",
    ),
)


def example_numbers() -> Iterator[str]:
    """Every example number of every region and type, as it is written abroad, at home and by a spreadsheet."""
    for region in phonenumbers.SUPPORTED_REGIONS:
        for number_type in PhoneNumberType.values():
            number = phonenumbers.example_number_for_type(region, number_type)
            if number is None:
                continue
            for form in (
                PhoneNumberFormat.INTERNATIONAL,
                PhoneNumberFormat.NATIONAL,
                PhoneNumberFormat.RFC3966,
            ):
                yield phonenumbers.format_number(number, form)
            e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
            yield from (e164, "00" + e164[1:], e164[1:], e164.translate(ARABIC_DIGITS), e164[1:] + ".0")
            yield f"+{number.country_code} 0{number.national_number}"
            yield f"{number.national_number}.0"


def messy_cells(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """(field of the column, cell), `count` of them; the same for the same seed."""
    rng = random.Random(seed)
    gulf = [
        number
        for region in phones.REGIONS
        for number_type in PhoneNumberType.values()
        if (number := phonenumbers.example_number_for_type(region, number_type))
    ]
    makers = {"phone": _phone, "email": _email, "website": _website}
    for _ in range(count):
        field = rng.choice(list(makers))
        column = field if rng.random() < 0.7 else rng.choice(list(makers))
        yield column, makers[field](rng, gulf)


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _phone(rng: random.Random, gulf: list) -> str:
    if rng.random() < 0.4:
        start = rng.choice(["5", "50", "11", "12", "920", "800", "9200", "1", "4", "2", "6", "", "9", "3"])
        text = rng.choice(CODES) + start + _digits(rng, rng.randint(4, 9))
    else:
        number = rng.choice(gulf)
        form = rng.choice(["+{}", "00{}", "{}", "+{} 0", "+{}-", "(+{})", "0", "", "+{} (0)"])
        national = str(number.national_number)
        changed = rng.randint(1, 4)
        text = form.format(number.country_code) + national[:-changed] + _digits(rng, changed)
    if rng.random() < 0.2:
        text = rng.choice(["Tel: ", "tel.", "Mob ", "MOBILE:", "Phone", "cell. ", "Tel 2: ", "T:"]) + text
    if rng.random() < 0.2:
        text += rng.choice(
            [" ext 45", " ext. 7", " Extension 12345", ", ext 0", "ext5", " extn.123456", " x5"]
        )
    for _ in range(rng.choice([0, 0, 0, 1, 2, 3])):
        place = rng.randint(0, len(text))
        text = text[:place] + rng.choice(SLIPS) + text[place:]
    return rng.choice([text] * 6 + [text.translate(ARABIC_DIGITS), text.translate(PERSIAN_DIGITS)])


def _host(rng: random.Random) -> str:
    return ".".join([*rng.choices(LABELS, k=rng.choice([0, 1, 1, 1, 2, 2, 3, 5, 6])), rng.choice(ENDINGS)])


def _email(rng: random.Random, gulf: list) -> str:
    text = (
        rng.choice(LOCAL_PARTS) + rng.choice(["@"] * 6 + ["@@", " @", "＠", "(at)", "%40", ""]) + _host(rng)
    )
    if rng.random() < 0.2:
        text = rng.choice([text.upper(), text.title()])
    if rng.random() < 0.2:
        text = rng.choice(["mailto:", "<", " ", "email: ", "http://", "\u200f", "ـ"]) + text
    if rng.random() < 0.2:
        text += rng.choice([".", ">", " ", ";b@c.com", "?subject=x", ",", "/", "\u200e", "!"])
    return text


def _website(rng: random.Random, gulf: list) -> str:
    text = rng.choice(SCHEMES) + _host(rng) + rng.choice(PATHS)
    if rng.random() < 0.15:
        text = text.upper()
    return text + (rng.choice([" ", " www.b.sa", "\u200e", " (main)"]) if rng.random() < 0.1 else "")


KINDS = (
    ("phone", phones.accepted, phones.never_valid(), parse_phones.parse_phones),
    ("email", emails.accepted, emails.NEVER_VALID, parse_emails.parse_emails),
    ("website", urls.accepted, urls.NEVER_VALID, parse_urls.parse_urls),
)


def differences(found: Iterator[tuple[str, str]]) -> tuple[list[str], dict[str, int]]:
    """What the set-based reading says otherwise than the parsers; and how many values it read, per field."""
    with duckdb.connect() as connection:
        connection.execute("create temp table mapped_cells (field varchar, value varchar)")
        rows = sorted(set(found))
        connection.execute(
            "insert into mapped_cells select unnest(?), unnest(?)",
            [[field for field, _ in rows], [value for _, value in rows]],
        )
        cells.collect_cells(connection, "temp.mapped_cells")
        emails.make_lists(connection)
        unlike, read = [], {}
        for field, accepted, never_valid, parse in KINDS:
            result = connection.execute(accepted("temp.cells"))
            names = [column[0] for column in result.description]
            # The column behind the value is NULL where the value is left to the parser.
            accepted_rows = [
                dict(zip(names, row, strict=True)) for row in result.fetchall() if row[1] is not None
            ]
            read[field] = len(accepted_rows)
            for row in accepted_rows:
                value = row.pop("value")
                row |= {"raw_value": value, "position": 1, "is_valid": True, "reject_reason": None}
                parsed = [vars(item) for item in parse(value)]
                if parsed != [row]:
                    unlike.append(f"{field} {value!r}: {row}, the parser says {parsed}")
            never = connection.execute(f"select value from temp.cells where {never_valid}").fetchall()
            unlike += [
                f"{field} {value!r}: left out as never valid"
                for (value,) in never
                if any(item.is_valid for item in parse(value))
            ]
        return unlike, read


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("cells", type=int)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    unlike, read = differences(messy_cells(chosen.cells, chosen.seed))
    print(*unlike[:50], sep="\n")
    print(f"{chosen.cells:,} cells, read set-based {read}, {len(unlike)} unlike the parsers")
    sys.exit(bool(unlike))


if __name__ == "__main__":
    main()
