"""Makes a lead list of any length that looks like what vendors sell, with the truth about it beside it.

Invented companies with Arabic and English names; phones of the Gulf in the spellings that real lists hold;
company, freemail and role mailboxes; own, social and shop websites; placeholders and broken cells; about a
quarter of the rows repeat a company, in another spelling. The same rows and seed give the same bytes.
"""

import csv
import random
from pathlib import Path

import click

COLUMNS = (
    "Record ID", "Company Name", "Arabic Company Name", "Contact Name", "Job Title", "Phone", "Mobile",
    "Email", "Website", "City", "Industry", "Address", "Last Updated",
)  # fmt: skip
TRUTH_COLUMNS = ("row_number", "company_id", "is_repeat")
SHARE_OF_REPEATS = 0.25


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Of "english/arabic|english/arabic": both spellings of each."""
    entries = "".join(line.strip() for line in text.splitlines()).split("|")
    return tuple((english, arabic) for english, _, arabic in (entry.partition("/") for entry in entries))


# One syllable in both scripts: a brand is four of them, different for every company.
SYLLABLES = _pairs(
    """
    ba/با|bi/بي|bu/بو|da/دا|di/دي|du/دو|fa/فا|fi/في|fu/فو|ha/ها|hi/هي|hu/هو|ja/جا|ji/جي|ju/جو|ka/كا|
    ki/كي|ku/كو|la/لا|li/لي|lu/لو|ma/ما|mi/مي|mu/مو|na/نا|ni/ني|nu/نو|ra/را|ri/ري|ru/رو|sa/سا|si/سي|
    su/سو|ta/تا|ti/تي|tu/تو|wa/وا|wi/وي|ya/يا|yu/يو|za/زا|zi/زي|zu/زو|sha/شا|shi/شي|gha/غا|kha/خا|tha/ثا
    """
)
FAMILIES = _pairs(
    """
    Al Otaibi/العتيبي|Al Qahtani/القحطاني|Al Ghamdi/الغامدي|Al Harbi/الحربي|Al Zahrani/الزهراني|
    Al Shehri/الشهري|Al Dossari/الدوسري|Al Mutairi/المطيري|Al Shammari/الشمري|Al Anazi/العنزي|
    Al Subaie/السبيعي|Al Juhani/الجهني|Al Asmari/الأسمري|Al Yami/اليامي|Al Rashid/الراشد|
    Al Saleh/الصالح|Al Omari/العمري|Al Khaldi/الخالدي|Al Balawi/البلوي|Al Maliki/المالكي|
    Al Thaqafi/الثقفي|Al Bishi/البيشي|Al Suwailem/السويلم|Al Humaid/الحميد|Al Jaber/الجابر|
    Al Turki/التركي
    """
)
GIVEN = _pairs(
    """
    Mohammed/محمد|Abdullah/عبدالله|Ahmed/أحمد|Khalid/خالد|Fahad/فهد|Saud/سعود|Nasser/ناصر|
    Ibrahim/إبراهيم|Omar/عمر|Yousef/يوسف|Sara/سارة|Noura/نورة|Fatimah/فاطمة|Reem/ريم|Huda/هدى|Maha/مها|
    Turki/تركي|Bandar/بندر|Majed/ماجد|Sultan/سلطان|Waleed/وليد|Hassan/حسن|Ali/علي|Salman/سلمان
    """
)
ACTIVITIES = _pairs(
    """
    Dental Clinic/عيادة أسنان|Medical Center/مركز طبي|Pharmacy/صيدلية|Contracting/للمقاولات|
    Trading/للتجارة|Real Estate/العقارية|Restaurant/مطعم|Cafe/مقهى|Training/للتدريب|Law Firm/للمحاماة|
    Logistics/للخدمات اللوجستية|Transport/للنقل|Maintenance/للصيانة|Electronics/للإلكترونيات|
    Furniture/للأثاث|Car Services/لخدمات السيارات|Travel/للسفر والسياحة|Hotel/فندق|School/مدارس|
    Software/للبرمجيات|Marketing/للتسويق|Printing/للطباعة|Cleaning/للنظافة|Security/للحراسات|
    Industrial/الصناعية|Agriculture/الزراعية|Beauty Salon/صالون تجميل|Gym/نادي رياضي|Optics/للبصريات|
    Engineering/للاستشارات الهندسية
    """
)
LEGAL_FORMS = (
    ("{} Co. Ltd", "شركة {} المحدودة"), ("{} Company", "شركة {}"), ("{} Est.", "مؤسسة {}"),
    ("{} LLC", "شركة {} ذ.م.م"), ("{} W.L.L.", "شركة {} ذ.م.م"), ("{} Establishment", "مؤسسة {}"),
    ("{}", "{}"), ("{} Group", "مجموعة {}"),
)  # fmt: skip
CITIES = _pairs(
    """
    Riyadh/الرياض|Riyadh/الرياض|Riyadh/الرياض|Riyadh/الرياض|Jeddah/جدة|Jeddah/جده|Jeddah/جدة|
    Dammam/الدمام|Khobar/الخبر|Makkah/مكة المكرمة|Madinah/المدينة المنورة|Taif/الطائف|Tabuk/تبوك|
    Abha/أبها|Khamis Mushait/خميس مشيط|Buraydah/بريدة|Hail/حائل|Jubail/الجبيل|Hofuf/الهفوف|Najran/نجران|
    Jazan/جازان|Yanbu/ينبع|Al Kharj/الخرج|Unaizah/عنيزة
    """
)
JOB_TITLES = (
    "Owner", "General Manager", "Sales Manager", "Marketing Director", "مدير عام", "مدير المبيعات",
    "المالك", "Procurement Officer", "CEO", "Operations Manager",
)  # fmt: skip
STREETS = (
    "King Fahd Rd",
    "Olaya St",
    "طريق الملك عبدالعزيز",
    "شارع التحلية",
    "Prince Sultan St",
    "حي النخيل",
)
TOP_LEVELS = ("com", "com", "com", "sa", "com.sa", "com.sa", "net", "org", "med.sa", "co", "ae")
FREE_MAIL = ("gmail.com", "hotmail.com", "yahoo.com", "outlook.com", "icloud.com")
ROLES = ("info", "sales", "contact", "admin", "office", "hr", "support", "marketing")
SOCIAL = (
    "https://www.instagram.com/{}", "instagram.com/{}", "https://www.facebook.com/{}", "https://x.com/{}",
    "https://linktr.ee/{}", "https://salla.sa/{}", "https://{}.zid.store",
)  # fmt: skip
PLACEHOLDERS = ("-", "N/A", "n/a", "لا يوجد", "0", "غير متوفر", "none", "--", "NULL", "xxx")
# First digits that numbers of Saudi landlines and mobiles may have (ITU-T E.164 plan of +966, 2024).
LANDLINE_STARTS = (
    112,
    114,
    115,
    118,
    122,
    125,
    126,
    133,
    135,
    138,
    143,
    144,
    146,
    162,
    163,
    165,
    172,
    173,
    175,
)
MOBILE_STARTS = (50, 53, 54, 55, 56, 58, 59)
# Country code, first digits, digits that follow: mobiles of the neighbours.
NEIGHBOURS = (
    ("971", "50", 7), ("971", "55", 7), ("965", "66", 6), ("965", "50", 6), ("973", "36", 6),
    ("974", "55", 6), ("968", "92", 6),
)  # fmt: skip
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC_SPELLINGS = (("ة", "ه"), ("أ", "ا"), ("إ", "ا"), ("ي", "ى"), ("ال", "الـ"), ("ك", "ک"))


def truth_path(path: Path) -> Path:
    """Where the truth about a generated list stands: list.csv -> list.truth.csv."""
    return path.with_name(path.stem + ".truth.csv")


def generate_list(path: Path, rows: int, seed: int = 1) -> Path:
    """Write the list (UTF-8, comma-separated) and its truth; returns the path of the truth.

    The truth has one line per row of the list: row_number (from 1), company_id (from 1) and whether an
    earlier row is of the same company (1 or 0).
    """
    choice = random.Random(seed)
    companies = 0
    with (
        path.open("w", encoding="utf-8", newline="") as list_file,
        truth_path(path).open("w", encoding="utf-8", newline="") as truth_file,
    ):
        write = csv.writer(list_file, lineterminator="\n").writerow
        write_truth = csv.writer(truth_file, lineterminator="\n").writerow
        write(COLUMNS)
        write_truth(TRUTH_COLUMNS)
        for number in range(1, rows + 1):
            is_repeat = companies > 0 and choice.random() < SHARE_OF_REPEATS
            if is_repeat:
                company_id = choice.randint(1, companies)
            else:
                companies += 1
                company_id = companies
            write(_row(number, _Company(company_id, seed), choice, is_repeat))
            write_truth((number, company_id, int(is_repeat)))
    return truth_path(path)


class _Company:
    """What is true of a company: a function of its number and the seed, so that nothing is kept in memory."""

    _random = random.Random()

    def __init__(self, number: int, seed: int):
        draw = self._random
        draw.seed(seed << 40 | number)
        pick = draw.random
        brand = _spread(number, len(SYLLABLES) ** 4)
        latin, arabic = [], []
        for _ in range(4):
            brand, position = divmod(brand, len(SYLLABLES))
            latin.append(SYLLABLES[position][0])
            arabic.append(SYLLABLES[position][1])
        self.slug = "".join(latin)
        activity = _one_of(ACTIVITIES, pick)
        if pick() < 0.12:
            # A family's name is no brand: unlike companies bear the same one, in one city too.
            given, family = _one_of(GIVEN, pick), _one_of(FAMILIES, pick)
            self.name = f"{given[0]} {family[0]} {activity[0]}"
            self.name_ar = f"{given[1]} {family[1]} {activity[1]}"
        else:
            self.name = f"{self.slug.capitalize()} {activity[0]}"
            self.name_ar = f"{''.join(arabic)} {activity[1]}"
        self.legal_form = _one_of(LEGAL_FORMS, pick)
        self.activity = activity
        self.city = _one_of(CITIES, pick)
        self.domain = f"{self.slug}.{_one_of(TOP_LEVELS, pick)}" if pick() < 0.6 else None
        self.landline = _landline(number) if pick() < 0.45 else None
        kind = pick()
        self.mobile = None if kind < 0.1 else _mobile(number) if kind < 0.94 else _neighbour(number, pick)
        self.mailbox = self._mailbox(number, pick)
        self.street = f"{_one_of(STREETS, pick)} {int(pick() * 9000) + 1}"

    def _mailbox(self, number: int, pick) -> str | None:
        kind = pick()
        if kind < 0.25:
            return None
        if self.domain and kind < 0.8:
            return f"{_one_of(ROLES, pick)}@{self.domain}"
        if self.domain and kind < 0.88:
            return f"{_one_of(GIVEN, pick)[0].lower()}.{number % 1000}@{self.domain}"
        return f"{self.slug}{number % 100}@{_one_of(FREE_MAIL, pick)}"


def _row(number: int, company: _Company, choice: random.Random, is_repeat: bool) -> tuple[str, ...]:
    pick = choice.random
    form_en, form_ar = _one_of(LEGAL_FORMS, pick) if is_repeat and pick() < 0.3 else company.legal_form
    name, name_ar = form_en.format(company.name), form_ar.format(company.name_ar)
    if is_repeat and pick() < 0.4:
        name = name.upper() if pick() < 0.5 else name.replace(" ", "  ").lower()
        name_ar = name_ar.replace(*_one_of(ARABIC_SPELLINGS, pick))
    if pick() < 0.3:
        # The vendor that has only the Arabic name writes it where the name goes.
        name = name_ar
    city = company.city
    if is_repeat and pick() < 0.06:
        city = _one_of(CITIES, pick)
    given, family = _one_of(GIVEN, pick), _one_of(FAMILIES, pick)
    language = pick() < 0.5
    has_person = pick() < 0.6
    landline, mobile = company.landline, company.mobile
    phone = _spelled(*landline, pick) if landline and not (is_repeat and pick() < 0.2) else ""
    cell = _spelled(*mobile, pick) if mobile and not (is_repeat and pick() < 0.2) else ""
    mailbox = company.mailbox or ""
    if is_repeat and pick() < 0.3:
        mailbox = f"{_one_of(ROLES, pick)}@{company.domain}" if company.domain and pick() < 0.7 else ""
    website = _website(company, pick) if not (is_repeat and pick() < 0.3) else ""
    noise = pick()
    if noise < 0.02:
        phone = _one_of(PLACEHOLDERS, pick)
    elif noise < 0.03:
        cell = _broken_phone(cell, pick)
    elif noise < 0.034:
        # A booking line or an agency that stands for many unlike companies.
        phone = f"9200{10000 + int(pick() * 20) * 37}"
    elif noise < 0.044 and phone and cell:
        phone, cell = f"{phone} / {cell}", ""
    elif noise < 0.054:
        mailbox = _broken_email(mailbox, pick)
    elif noise < 0.06:
        website = _one_of(PLACEHOLDERS, pick)
    elif noise < 0.07:
        name, name_ar = _one_of(PLACEHOLDERS, pick), ""
    elif noise < 0.08:
        mailbox = mailbox.upper()
    return (
        f"V-{number:08d}",
        name,
        name_ar if pick() < 0.5 else "",
        f"{given[language]} {family[language]}" if has_person else "",
        _one_of(JOB_TITLES, pick) if has_person else "",
        phone,
        cell,
        mailbox,
        website,
        city[pick() < 0.45],
        company.activity[0],
        company.street,
        f"2026-{int(pick() * 9) + 1:02d}-{int(pick() * 28) + 1:02d}",
    )


def _one_of(values: tuple, pick):
    return values[int(pick() * len(values))]


def _spread(number: int, size: int) -> int:
    # Different for every number below `size`: the multiplier is a prime, and divides no size used here.
    return number * 2_147_483_647 % size


def _landline(number: int) -> tuple[str, str]:
    start, rest = divmod(_spread(number, len(LANDLINE_STARTS) * 1_000_000), 1_000_000)
    return "966", f"{LANDLINE_STARTS[start]}{rest:06d}"


def _mobile(number: int) -> tuple[str, str]:
    start, rest = divmod(_spread(number, len(MOBILE_STARTS) * 10_000_000), 10_000_000)
    return "966", f"{MOBILE_STARTS[start]}{rest:07d}"


def _neighbour(number: int, pick) -> tuple[str, str]:
    code, start, digits = _one_of(NEIGHBOURS, pick)
    return code, f"{start}{_spread(number, 10**digits):0{digits}d}"


def _spelled(code: str, national: str, pick) -> str:
    """The number as people type it; a neighbour's always with its country code."""
    if code != "966":
        return _one_of((f"+{code}{national}", f"00{code}{national}", f"+{code} {national}"), pick)
    kind = pick()
    if kind < 0.22:
        return f"0{national}"
    if kind < 0.4:
        return f"+966{national}"
    if kind < 0.5:
        return f"+966 {national[:2]} {national[2:5]} {national[5:]}"
    if kind < 0.58:
        return f"00966{national}"
    if kind < 0.66:
        return f"966{national}"
    if kind < 0.73:
        return national
    if kind < 0.8:
        return f"0{national[:2]} {national[2:5]} {national[5:]}"
    if kind < 0.85:
        return f"0{national[:2]}-{national[2:]}"
    if kind < 0.88:
        return f"+966 (0) {national}"
    if kind < 0.9:
        return f"+966 0{national}"
    if kind < 0.92:
        return f"{national}.0"
    if kind < 0.95:
        return f"0{national}".translate(ARABIC_INDIC)
    if kind < 0.96:
        return f"00966{national}".translate(PERSIAN)
    if kind < 0.975:
        return f"0{national} ext {int(pick() * 900) + 100}"
    if kind < 0.985:
        return f"\u202a+966{national}\u202c"
    return f"Tel: 0{national}"


def _broken_phone(phone: str, pick) -> str:
    return _one_of((phone[:-3], phone + "12", "0500", "call me", "12345", "9.66E+11", "+966"), pick)


def _broken_email(mailbox: str, pick) -> str:
    local, _, domain = mailbox.partition("@")
    return _one_of(
        (local, f"{local}@", f"{local}@{domain.replace('.', ',')}", f"{local} @{domain}", "test@test",
         f"mailto:{mailbox}", f"{mailbox};{ROLES[0]}@{domain}", "لا يوجد"),
        pick,
    )  # fmt: skip


def _website(company: _Company, pick) -> str:
    kind = pick()
    if company.domain is None:
        return _one_of(SOCIAL, pick).format(company.slug) if kind < 0.15 else ""
    if kind < 0.15:
        return ""
    if kind < 0.2:
        return _one_of(SOCIAL, pick).format(company.slug)
    if kind < 0.45:
        return f"https://www.{company.domain}"
    if kind < 0.6:
        return f"https://{company.domain}/"
    if kind < 0.75:
        return f"www.{company.domain}"
    if kind < 0.85:
        return company.domain
    return f"http://{company.domain}/{_one_of(('ar', 'en/home', 'index.php?lang=ar', 'contact-us'), pick)}"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--rows", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
def main(file: Path, rows: int, seed: int) -> None:
    """Write a generated lead list to FILE.csv and the truth about it to FILE.truth.csv."""
    truth = generate_list(file, rows, seed)
    click.echo(f"{rows:,} rows: {file}; which company each is of: {truth}", err=True)


if __name__ == "__main__":
    main()
