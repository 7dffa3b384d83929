"""Makes a labelled list from real Riyadh businesses (OpenStreetMap, ODbL 1.0): who is one company is known.

Real are the names, in both scripts, the websites and the phones that are there. A base company is a row
whose name, phone and website no other row has. Made are: a phone and for some a website where the map has
none; zero to three further records of each company, spoilt as lists are (a letter, the legal form, the
article, the case, the other script, the phone's format, fields left out, a branch); and what must not
merge: namesakes elsewhere, malls and call centres with one number, agencies' freemail, social pages.
The seed decides everything: the same files and seed give the same rows.

The rows derive from OpenStreetMap data, (c) OpenStreetMap contributors, and are under the ODbL 1.0 as well.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HEADER = (
    *("Company Name", "Arabic Name", "Phone", "Email", "Website", "City", "Sector"),
    *("Address", "company_id"),
)
CITIES = ("Riyadh", "Jeddah", "Dammam", "Makkah", "Abha", "Tabuk", "Buraidah")
FORMS = ("Co. Ltd", "LLC", "Est.", "Company", "W.L.L.")
FORMS_AR = ("شركة {}", "مؤسسة {}", "{} ذ.م.م", "شركة {} المحدودة")


def labelled_rows(files: list[Path], seed: int = 1) -> Iterator[tuple[str, ...]]:
    """Rows of HEADER in an order that says nothing; company_id is the truth."""
    chance = random.Random(seed)
    rows: list[dict[str, str]] = []
    bases = list(_bases(files))
    for number, base in enumerate(bases):
        company = _company(base, number, chance)
        rows.append(company)
        rows += [_spoilt(company, chance) for _ in range(chance.choice((0, 0, 1, 1, 2, 3)))]
        if chance.random() < 0.08:
            # A namesake: the same name in another city, with identifiers of its own.
            twin = _company({**base, "Phone": "", "Website": ""}, len(bases) + number, chance)
            rows.append({**twin, "City": chance.choice(CITIES[1:])})
    _share_contacts(rows, chance)
    chance.shuffle(rows)
    for row in rows:
        yield tuple(row[name] for name in HEADER)


def _bases(files: list[Path]) -> Iterator[dict[str, str]]:
    rows = []
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows += [row for row in csv.DictReader(lines) if row["Name"].strip().lower() != "unnamed"]
    columns = ("Name", "Arabic Name", "Phone", "Website")
    used = Counter()
    for row in rows:
        used.update({_marks(row, column) for column in columns})
    for row in rows:
        if all(used[_marks(row, column)] == 1 or not row.get(column) for column in columns):
            yield row


def _marks(row: dict[str, str], name: str) -> tuple[str, str]:
    text = (row.get(name) or "").lower()
    if name == "Phone":
        return name, "".join(filter(str.isdigit, text))[-8:]
    if name == "Website":
        return name, text.split("//")[-1].removeprefix("www.").split("/")[0]
    # The Arabic name may stand in either column.
    return "name", "".join(filter(str.isalnum, text))


def _company(base: dict[str, str], number: int, chance: random.Random) -> dict[str, str]:
    local = chance.choice(("11", "11", "55", "50", "54")) + f"{chance.randrange(2_000_000, 9_999_999)}"
    domain = f"company{number}.com.sa" if chance.random() < 0.4 else ""
    host = _marks(base, "Website")[1] or domain
    return {
        "Company Name": base["Name"].strip(),
        "Arabic Name": (base.get("Arabic Name") or "").strip(),
        "Phone": base.get("Phone") or f"+966{local}",
        "Email": f"info@{host}" if domain and chance.random() < 0.5 else "",
        "Website": base.get("Website") or domain,
        "City": "Riyadh",
        "Sector": base.get("Subtype") or "",
        "Address": base.get("Address") or "",
        "company_id": str(number),
    }


def _spoilt(company: dict[str, str], chance: random.Random) -> dict[str, str]:
    row = dict(company)
    name = row["Company Name"]
    is_arabic = any("ء" <= letter <= "ي" for letter in name)
    kind = chance.randrange(7)
    if kind == 0 and len(name) > 6:
        at = chance.randrange(1, len(name) - 1)
        name = name[:at] + name[at + 1 :]
    elif kind == 1:
        name = chance.choice(FORMS_AR).format(name) if is_arabic else f"{name} {chance.choice(FORMS)}"
    elif kind == 2:
        name = name.upper() if not is_arabic else name.replace("ة", "ه").replace("أ", "ا")
    elif kind == 3 and row["Arabic Name"]:
        name = row["Arabic Name"]
    elif kind == 4:
        name = name.replace("Al ", "Al-") if "Al " in name else name.replace(" ", "  ")
    elif kind == 5:
        name = (
            f"{name} - {chance.choice(('Olaya', 'Malaz', 'فرع العليا') if not is_arabic else ('فرع الملز',))}"
        )
    row["Company Name"] = name
    row["Arabic Name"] = row["Arabic Name"] if chance.random() < 0.3 else ""
    digits = "".join(filter(str.isdigit, row["Phone"]))
    if digits.startswith("966") and len(digits) == 12:
        formats = ("0{}", "00966{}", "+966 {}", "966{}", "{}")
        row["Phone"] = chance.choice(formats).format(digits[3:])
        if chance.random() < 0.2:
            row["Phone"] = row["Phone"].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    # Something is missing, but never everything.
    known = [field for field in ("Phone", "Email", "Website") if row[field]]
    if len(known) > 1 and chance.random() < 0.5:
        row[chance.choice(known)] = ""
    row["Address"] = row["Address"] if chance.random() < 0.5 else ""
    return row


def _share_contacts(rows: list[dict[str, str]], chance: random.Random) -> None:
    """Numbers, mailboxes and hosts that unlike companies give as theirs."""
    for group in range(40):
        number = f"92000{group:04}" if group % 2 else f"+96611{4_000_000 + group}"
        for row in chance.sample(rows, chance.choice((2, 3, 6, 12))):
            row["Phone"] = number
    for group in range(15):
        for row in chance.sample(rows, 4):
            row["Email"] = f"agency{group}@gmail.com"
    for row in chance.sample(rows, 60):
        row["Website"] = chance.choice(("https://www.facebook.com/", "https://wa.me/", "https://linktr.ee/"))
