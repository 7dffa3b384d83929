"""Every reviewed spelling of a city, region, country and sector through the model, and spellings from real lists."""

import csv
import os
import subprocess
import sys

import pytest
from lake import ROOT, Lake

SEEDS = ROOT / "seeds" / "normalisation"
FIELDS = {"city": "city", "region": "region_code", "country": "country", "sector": "sector"}

# What lists write in their city column, and the city that it is; None: it may be another.
CITIES = {
    "Jiddah": "Jeddah", "JEDDAH": "Jeddah", "Jeddah - KSA": "Jeddah", "محافظة جده": "Jeddah",
    "Makkah Al-Mukarramah": "Makkah", "مكّة المكرّمة": "Makkah", "Mecca, Saudi Arabia": "Makkah",
    "Al-Khubar": "Khobar", "ALKHOBAR": "Khobar", "El-Khobar": "Khobar", "Al Khobar 31952": "Khobar",
    "Hofuf, Al Ahsa, Eastern Province": "Hofuf", "الأحساء - الهفوف": "Hofuf", "Al-Hofuf": "Hofuf", "الاحساء": "Al Ahsa",
    "Buraidah, Al Qassim": "Buraydah", "بريده": "Buraydah", "Onaizah": "Unaizah", "Ha’il": "Hail",
    "حايل": "Hail", "Gizan": "Jazan", "جيزان": "Jazan", "خميس مشيط - عسير": "Khamis Mushait",
    "Taif, Makkah Province": "Taif", "Yanbu Al-Bahr": "Yanbu", "Sakakah": "Sakaka", "ʿArʿar": "Arar",
    "ﺍﻟﺮﻳﺎﺽ": "Riyadh", "الـريـاض": "Riyadh", "Riyadh, Riyadh Province, Saudi Arabia": "Riyadh",
    "الرياض، المملكة العربية السعودية": "Riyadh", "الرياض 12211": "Riyadh", "Riyadh الرياض": "Riyadh", "جدة Riyadh": None, "الرياض ١٢٢١١": "Riyadh",
    "الرياض حي الملقا": "Riyadh", "حي الملز - الرياض": "Riyadh", "Riyadh\nSaudi Arabia": "Riyadh",
    "King Fahd Road, Riyadh": "Riyadh", "King Fahd Rd Riyadh": "Riyadh", "City of Riyadh": "Riyadh",
    "Dubai - United Arab Emirates": "Dubai", "Al Ain - Abu Dhabi - UAE": "Al Ain", "دبي": "Dubai",
    "Hawally, Kuwait": "Hawalli", "Kuwait": "Kuwait City", "Seef, Manama, Bahrain": "Manama",
    "Al Rayyan, Doha, Qatar": None, "Lusail": "Lusail", "Seeb, Muscat, Oman": "Seeb",
    "Jeddah & Riyadh": None, "الرياض، جدة": None, "Medina, USA": None, "Eastern Province": None,
    "طريق مكة جدة": None, "Makkah Road": None, "شارع المدينة": None, "Riyadh Gallery": None, "Ｊｅｄｄａｈ": "Jeddah", "Saudi Arabia Riyadh": "Riyadh", "Kuwait City, Kuwait": "Kuwait City",
    "Dubai, Saudi Arabia": None, "All over the Kingdom": None, "مدينة": None,
}  # fmt: skip

# Google's place types, OpenStreetMap's tags, and what people write.
SECTORS = {
    "dental_clinic": "dental_clinic", "dentist": "dental_clinic", "Dentist": "dental_clinic",
    "real_estate_agency": "real_estate", "amenity=dentist": "dental_clinic", "shop=bakery": "bakery",
    "office = estate_agent": "real_estate", "office=yes": "company", "shop=yes": "retail",
    "healthcare=dentist; amenity=clinic": "dental_clinic", "hair_care": "beauty_salon",
    "dentist, health, point_of_interest, establishment": "dental_clinic", "المقاولات": "construction",
    "عيادات الأسنان": "dental_clinic", "قطاع العقارات": "real_estate", "المطاعم والمقاهي": "restaurant",
    "مطعم": "restaurant", "Construction sector": "construction", "lodging": "hotel",
    "point_of_interest": None, "amenity=bench": None, "Zoo of ideas": None,
}  # fmt: skip


def synonyms(field: str) -> dict[str, str]:
    """Every synonym of a field's seed and the code it stands for."""
    with (SEEDS / f"{field}_synonyms.csv").open(encoding="utf-8", newline="") as file:
        return {row["synonym"]: row[FIELDS[field]] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def mapped(tmp_path_factory) -> dict[tuple[str, str], str | None]:
    """The code of each field and text, as the model makes it of an imported list."""
    lake = Lake(tmp_path_factory.mktemp("mapped"))
    texts = {field: list(synonyms(field)) for field in FIELDS}
    texts["city"] += CITIES
    texts["sector"] += SECTORS
    file = lake.folder / "texts.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["company_name", *FIELDS])
        for number in range(max(map(len, texts.values()))):
            values = [texts[field][number : number + 1] for field in FIELDS]
            writer.writerow([f"Company {number}", *(value[0] if value else "" for value in values)])
    lake.import_list(file, "texts")
    folders = ["--target-path", lake.folder / "target", "--log-path", lake.folder / "logs"]
    for command in (
        ["seed", "--select", "+mapped_values"],
        ["run", "--select", "+mapped_values", "--exclude", "resource_type:seed"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "dbt.cli.main", "--quiet", *command, *map(str, folders)],
            env={**os.environ, **lake.environment}, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    rows = lake.sql("select field, value_text, code from normalised.mapped_values")
    return {(field, text): code for field, text, code in rows}


@pytest.mark.parametrize("field", FIELDS)
def test_every_synonym_stands_for_its_code(mapped, field):
    expected = synonyms(field)
    wrong = {
        text: (mapped.get((field, text.strip()), "missing"), code)
        for text, code in expected.items()
        if mapped.get((field, text.strip()), "missing") != code
    }
    assert len(expected) > 100 and not wrong


@pytest.mark.parametrize(("field", "spellings"), [("city", CITIES), ("sector", SECTORS)])
def test_spellings_of_real_lists(mapped, field, spellings):
    found = {text: mapped.get((field, " ".join(text.split())), "missing") for text in spellings}
    assert found == spellings


def test_every_city_and_region_is_known_by_both_its_names(mapped):
    for name, key, column in (("cities", "city", "city_ar"), ("regions", "region_code", "region_ar")):
        with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        field = "city" if name == "cities" else "region"
        known = {code for (where, _), code in mapped.items() if where == field}
        assert {row[key] for row in rows} <= known
        arabic = {code for (where, text), code in mapped.items() if where == field and not text.isascii()}
        assert {row[key] for row in rows if row[column]} - arabic <= {"Amman"}
