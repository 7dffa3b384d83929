"""Every record of a file is landed as it stands or kept as a rejected line, whatever the file is like."""

import csv
import gzip
import hashlib
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsx import archive, rows, workbook

from python_jobs.command_line import UsageProblem
from python_jobs.landing import unpack
from python_jobs.landing.lead_file import open_lead_file

SPECTRUM = Path(__file__).parent / "fixtures" / "csv_spectrum"
RIYADH = Path(__file__).parents[3] / "examples" / "riyadh_osm"
HEADER = "Company,Phone,City\n"


def table(text: str) -> bytes:
    return (HEADER + text).encode()


def cells(landed) -> list[list]:
    return [list(row.values()) for row in landed.rows]


@pytest.mark.parametrize("path", sorted((SPECTRUM / "csvs").glob("*.csv")), ids=lambda path: path.stem)
def test_csv_spectrum(path, land):
    content = path.read_bytes()
    if path.stem.endswith("_crlf"):  # the published copies have lost their CR
        content = content.replace(b"\n", b"\r\n")
    landed = land(content)
    wanted = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    if path.stem == "location_coordinates":  # its JSON is one object, with another phone number
        wanted = [wanted | {"Contact Phone Number": "2095257564"}]
    assert landed.rows == [{key: value or None for key, value in row.items()} for row in wanted]
    assert landed.rejected == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(land, delimiter, line_end):
    lines = ["Company|Phone|City", "Acme|050;051|Riyadh", "شركة|052|جدة"]
    text = line_end.join(delimiter.join(line.split("|")) for line in lines) + line_end
    if delimiter == ";":
        text = text.replace("050;051", '"050;051"')
    landed = land(text.encode())
    assert landed.file.delimiter == delimiter
    assert cells(landed) == [["Acme", "050;051", "Riyadh"], ["شركة", "052", "جدة"]]


ARABIC = "اسم الشركة,الجوال,المدينة\nشركة النخبة الطبية,0501234567,الرياض\nمؤسسة الأمل,0551234567,جدة\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("utf-32-le", "utf-32-le"),
        ("utf-32-be", "utf-32-be"),
        ("cp1256", "windows-1256"),
        ("iso8859_6", "iso-8859-6"),
    ],
)
def test_arabic_encodings_are_detected_and_named(land, codec, name):
    landed = land(ARABIC.encode(codec))
    assert landed.file.encoding == name
    assert landed.file.columns == ("اسم الشركة", "الجوال", "المدينة")
    assert cells(landed)[0] == ["شركة النخبة الطبية", "0501234567", "الرياض"]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_and_with_hardly_a_latin_letter(land, codec):
    landed = land("اسم الشركة;الجوال\r\nشركةالنخبةالطبية;٠٥٠١٢٣٤٥٦٧".encode(codec))
    assert landed.file.encoding == codec
    assert landed.rows == [{"اسم الشركة": "شركةالنخبةالطبية", "الجوال": "٠٥٠١٢٣٤٥٦٧"}]


@pytest.mark.parametrize(
    ("end", "rejected"),
    [
        ("شركة".encode("utf-16-le")[:-1], [(3, r"شرك\xed\xb0\xa9", "invalid_encoding")]),
        ("😀".encode("utf-16-le")[:2], [(3, r"\xed\xb0\xbd\xed\xb3\x98", "invalid_encoding")]),
        (b"\n", [(3, r"\xed\xb0\x8a", "invalid_encoding")]),
    ],
)
def test_utf16_that_was_cut_off_costs_its_last_line(land, end, rejected):
    landed = land("Company,Phone\nAcme,050\n".encode("utf-16") + end)
    assert cells(landed) == [["Acme", "050"]]
    assert landed.rejected == rejected


def test_latin_letters(land):
    landed = land("Company,City\nCafé Élysée,Zürich\nMüller,Köln\n".encode("latin-1"))
    assert landed.file.encoding == "windows-1252"
    assert cells(landed) == [["Café Élysée", "Zürich"], ["Müller", "Köln"]]


def test_the_encoding_can_be_said(land):
    assert land(ARABIC.encode("cp1256"), encoding="windows-1256").rows[1]["المدينة"] == "جدة"
    with pytest.raises(UsageProblem, match="is no encoding"):
        land(b"a,b\n1,2\n", encoding="klingon")


@pytest.mark.parametrize(
    ("codec", "said", "sentence"),
    [
        ("utf-8", "windows-1256", "is in utf-8, not in windows-1256"),
        ("utf-8-sig", "windows-1256", "first bytes that it is utf-8-sig"),
        ("utf-8", "utf-16", "is not in utf-16"),
        ("utf-16", "utf-8", "first bytes that it is utf-16"),
        ("cp1256", "utf-8", "is not in utf-8: of 3 lines .* 3 cannot be read so"),
        ("cp1256", "iso-8859-6", "is not in iso-8859-6"),
        ("cp1256", "base64", "is no encoding"),
    ],
)
def test_an_encoding_that_was_said_wrongly_is_refused(tmp_path, codec, said, sentence):
    path = tmp_path / "leads.csv"
    path.write_bytes(ARABIC.encode(codec))
    with pytest.raises(UsageProblem, match=sentence), open_lead_file(path, said):
        pass


@pytest.mark.parametrize("codec", ["cp1256", "iso8859_6"])
@pytest.mark.parametrize("word", ["الرياض", "مكة", "شركة", "نجران", "الدمام", "Al Noor النور"])
def test_one_arabic_word_tells_the_encoding(land, codec, word):
    landed = land(f"Company,City\nAcme,{word}\n".encode(codec))
    assert cells(landed) == [["Acme", word]]


@pytest.mark.parametrize("city", ["Riyadh… Olaya", "Riyadh – Olaya", "“Riyadh”"])
def test_signs_of_a_windows_encoding_are_not_arabic(land, city):
    # In ISO-8859-6 these bytes are control characters, which no list holds.
    landed = land(f"Company,City\nAcme Trading,{city}\n".encode("cp1252"))
    assert cells(landed) == [["Acme Trading", city]]


@pytest.mark.parametrize("word", ["Café", "Peña Hermanos", "Müller GmbH", "L’Oréal – Paris"])
def test_one_latin_word_is_not_arabic(land, word):
    assert cells(land(f"Company,City\n{word},Riyadh\n".encode("cp1252"))) == [[word, "Riyadh"]]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1256", "iso8859_6"])
def test_the_saudi_lists_are_the_same_rows_in_every_encoding(land, codec):
    with (RIYADH / "riyadh_shop.csv").open(encoding="utf-8", newline="") as file:
        rows = [[row["Name"], row["Subtype"], row["Latitude"]] for row in csv.DictReader(file)]
    # A letter that the encoding lacks cannot have been in such a file.
    rows = [row for row in rows if row[0].encode(codec, "ignore").decode(codec) == row[0]]
    text = io.StringIO()
    csv.writer(text).writerows([["اسم المنشأة", "النشاط", "خط العرض"], *rows])
    landed = land(text.getvalue().encode(codec))
    assert [[cell or "" for cell in row] for row in cells(landed)] == rows
    assert len(rows) > 1_500
    assert any(not row[0].isascii() for row in rows)


@pytest.mark.parametrize("count", [1, 10])
def test_a_damaged_line_is_rejected_and_not_invented(land, count):
    good = "".join(f"شركة {number},050{number},الرياض\n" for number in range(count))
    landed = land(table(good) + b"Acme\xff\xfe,0501234567,Jeddah\n" + "بعد,055,مكة\n".encode())
    assert landed.file.encoding == "utf-8"
    assert landed.told.rows_landed == count + 1
    assert landed.rejected == [(count + 2, r"Acme\xff\xfe,0501234567,Jeddah", "invalid_encoding")]


@pytest.mark.parametrize(("codec", "name"), [("cp1256", "windows-1256"), ("iso8859_6", "iso-8859-6")])
@pytest.mark.parametrize(("first", "then"), [(20, 20), (2_000, 2_000), (5, 40)])
def test_two_lists_in_two_encodings_put_together(land, codec, name, first, then):
    ours = "".join(f"شركة النخبة {number},الرياض\n" for number in range(first))
    theirs = "".join(f"مؤسسة الأمل {number},جدة\n" for number in range(then))
    landed = land(f"Company,City\n{ours}".encode() + theirs.encode(codec))
    assert landed.file.encoding == f"{name} and utf-8"
    assert [row["Company"] for row in landed.rows] == [
        *(f"شركة النخبة {number}" for number in range(first)),
        *(f"مؤسسة الأمل {number}" for number in range(then)),
    ]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(("codec", "name"), [("cp1256", "windows-1256"), ("cp1252", "windows-1252")])
def test_arabic_that_was_written_as_utf8_twice(land, codec, name, mark):
    table = ARABIC + "مكتب فهد,٠٥٦,مكة – “العزيزية”\n"
    garbled = "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in table.encode())
    assert "ط§" in garbled or "Ø§" in garbled
    lost = "مؤسسة ط� فهد,1,x\n"
    landed = land((mark + garbled + lost).encode())
    assert landed.file.encoding == f"utf-8{'-sig' * bool(mark)} written twice (taken for {name} once)"
    assert landed.file.columns == ("اسم الشركة", "الجوال", "المدينة")
    assert cells(landed)[2:] == [["مكتب فهد", "٠٥٦", "مكة – “العزيزية”"], ["مؤسسة ط� فهد", "1", "x"]]
    assert land((mark + garbled).encode(), encoding="utf-8").file.columns != landed.file.columns


def test_what_a_cell_says_comes_through(land):
    text = 'NULL,0501234567,NA\n"  spaces  ",007,"a ""quoted"" word"\n"two\nlines",501234567.0,n/a\na,,\n'
    assert cells(land(table(text))) == [
        ["NULL", "0501234567", "NA"],
        ["  spaces  ", "007", 'a "quoted" word'],
        ["two\nlines", "501234567.0", "n/a"],
        ["a", None, None],
    ]


def test_title_lines_are_kept_apart(land):
    landed = land(b"List of companies\nExported 2026\n\nCompany,Phone,City\nAcme,050,Riyadh\n")
    assert landed.rows == [{"Company": "Acme", "Phone": "050", "City": "Riyadh"}]
    assert landed.rejected == [
        (1, "List of companies", "above_header"),
        (2, "Exported 2026", "above_header"),
    ]


@pytest.mark.parametrize(
    ("header", "title"),
    [("Company;Phone;City;Email", "Clause;{}"), ("Firma;Fon;Ort;Post", "Term {}, as agreed;;;")],
)
def test_many_title_lines(land, header, title):
    above = [title.format(n) for n in range(1, 61)]
    rows = [f"Acme {n};05012345{n:02};Riyadh;a{n}@acme.sa" for n in range(80)]
    landed = land("\n".join([*above, "", header, *rows]).encode())
    assert landed.file.columns == tuple(header.split(";"))
    assert landed.rejected == [(n, text, "above_header") for n, text in enumerate(above, start=1)]
    assert len(landed.rows) == 80


ENGLISH_HEADER = "Company Name,Phone,Email,City,Remark"
ARABIC_HEADER = "اسم الشركة,الجوال,البريد الإلكتروني,المدينة,ملاحظة"


@pytest.mark.parametrize(
    ("header", "beneath"),
    [
        (ENGLISH_HEADER, ARABIC_HEADER),
        (ARABIC_HEADER, ENGLISH_HEADER),
        (ENGLISH_HEADER, "Company_Name,PHONE,E-mail,City,"),
        (ENGLISH_HEADER, ENGLISH_HEADER),
    ],
)
def test_a_second_header_beneath_the_header(land, header, beneath):
    rows = ["Acme,0501234567,info@acme.sa,Riyadh,", "Beta,0551234567,,Jeddah,new"]
    landed = land("\n".join(["A list", header, beneath, *rows, beneath, *rows]).encode())
    assert landed.file.columns == tuple(header.split(","))
    assert [row[header.split(",")[0]] for row in landed.rows] == ["Acme", "Beta"] * 2
    assert landed.rejected == [
        (1, "A list", "above_header"), (3, beneath, "header_again"), (6, beneath, "header_again")
    ]  # fmt: skip


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_header_that_comes_again_in_the_file(land, line_end):
    rows = [f'Acme {n},05012345{n:02},,"Riyadh, Olaya",' for n in range(40)]
    rows[30] = ENGLISH_HEADER
    landed = land(line_end.join([ENGLISH_HEADER, *rows]).encode())
    assert len(landed.rows) == 39
    assert landed.rejected == [(32, ENGLISH_HEADER, "header_again")]


def test_a_header_that_comes_again_in_a_workbook(land):
    header, row = ["Company", "Phone"], ["Acme", "0501234567"]
    landed = land(workbook(Leads=rows(header, ["الشركة", "الجوال"], row, header, row)), "leads.xlsx")
    assert cells(landed) == [row, row]
    assert [(line, reason) for line, _, reason in landed.rejected] == [
        (2, "header_again"),
        (4, "header_again"),
    ]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Company,Phone,City", "Company,,"),
        ("Company,Phone,City", "Company,0501234567,City"),
        ("Company,Phone,City", "Mobile,Phone,City"),
        ("Company,Do Not Contact,Unsubscribed", "Acme,opted out,unsubscribed"),
        ("Company,Sector,City", "Acme,Sector,City"),
        ("Company", "Company Name"),
    ],
)
def test_a_lead_of_header_words_is_a_lead(land, header, row):
    landed = land(f"{header}\n{row}\nBeta,,\n".encode())
    assert (len(landed.rows), landed.rejected) == (2, [])


def test_known_headers_in_a_row_far_down_are_no_header(land):
    rows = [f"Acme {n};Riyadh;Walk-in;" for n in range(40)]
    rows[30] = "Beta;City;Website;Email"
    landed = land("\n".join(["Firma;Ort;Quelle;Kanal", *rows]).encode())
    assert landed.file.columns == ("Firma", "Ort", "Quelle", "Kanal")
    assert len(landed.rows) == 40


def test_a_header_over_two_lines(land):
    landed = land(b'"Company\nName","Phone\nNumber"\nAcme,050\n')
    assert landed.file.columns == ("Company\nName", "Phone\nNumber")
    assert cells(landed) == [["Acme", "050"]]


def test_a_file_without_a_header_loses_no_row(land):
    landed = land(b"Acme,0501234567,info@acme.sa\nBeta,0551234567,info@beta.sa\n")
    assert landed.file.columns == ("column_1", "column_2", "column_3")
    assert len(landed.rows) == 2


def test_repeated_and_empty_headers(land):
    landed = land(b"Company,Phone,phone,,Phone_2,Phone\nAcme,1,2,3,4,5\n")
    assert landed.file.columns == ("Company", "Phone", "phone_3", "column_4", "Phone_2", "Phone_4")
    assert cells(landed) == [["Acme", "1", "2", "3", "4", "5"]]


def test_ragged_rows(land):
    landed = land(table("Acme,050,Riyadh,,\nshort,051\nBeta,052,Jeddah,more\n\n   \nGamma,053,\n"))
    assert cells(landed) == [["Acme", "050", "Riyadh"], ["short", "051", None], ["Gamma", "053", None]]
    assert landed.rejected == [(4, "Beta,052,Jeddah,more", "too_many_fields")]


def test_rows_wider_than_the_header_get_columns(land):
    landed = land(b"Company,Phone\nAcme,050,Riyadh\nBeta,051,Jeddah\n")
    assert landed.file.columns == ("Company", "Phone", "column_3")
    assert len(landed.rows) == 2


def test_quotes_that_make_no_sense(land):
    text = (
        '5" pipe,050,Riyadh\n'
        '"Acme" Trading,051,Jeddah\n'
        'open,"052,Dammam\n'
        "Beta,053,Mecca\n"
        '"broken" "badly,054\n'
        'Gamma, "Al Olaya, 12" ,Riyadh\n'
        'last,"055,Taif\n'
    )
    landed = land(table(text))
    assert cells(landed) == [
        ['5" pipe', "050", "Riyadh"],
        ['"Acme" Trading', "051", "Jeddah"],
        ["open", '"052', "Dammam"],
        ["Beta", "053", "Mecca"],
        ["Gamma", "Al Olaya, 12", "Riyadh"],
        ["last", '"055', "Taif"],
    ]
    assert landed.rejected == [(6, '"broken" "badly,054', "malformed_quotes")]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ('"Acme",""050"",Riyadh', ["Acme", "050", "Riyadh"]),
        ('""Acme, Inc."",050,Riyadh', ["Acme, Inc.", "050", "Riyadh"]),
        ('"Acme "The Best" Co, Inc",050,"Riyadh"', ['Acme "The Best" Co, Inc', "050", "Riyadh"]),
        ('"Acme "The Best"",050,"Riyadh, ""Olaya"""', ['Acme "The Best"', "050", 'Riyadh, "Olaya"']),
        ('"Acme, Inc","050,"Riyadh, Olaya"', ["Acme, Inc", '"050', "Riyadh, Olaya"]),
        ('Acme,"050"\t,"Riyadh" ext', ["Acme", "050", '"Riyadh" ext']),
        ('"Acme, Inc"\t,"0,5,0"\t, Riyadh', ["Acme, Inc", "0,5,0", " Riyadh"]),
    ],
)
def test_a_slip_in_one_cell_leaves_the_others_alone(land, line, row):
    landed = land(table(f'{line}\n"Beta",051,"Jeddah"\n'))
    assert cells(landed) == [row, ["Beta", "051", "Jeddah"]]
    assert landed.rejected == []


@pytest.mark.parametrize("line", ['"Acme, Inc,"050",Riyadh, "Olaya"', '"Acme "The Best", Inc",050,"Riyadh"'])
def test_a_slip_that_leaves_the_columns_in_doubt_is_rejected(land, line):
    landed = land(table(f"{line}\nBeta,051,Jeddah\n"))
    assert cells(landed) == [["Beta", "051", "Jeddah"]]
    assert landed.rejected == [(2, line, "malformed_quotes")]


def test_a_file_in_which_every_cell_is_quoted_twice(land):
    landed = land(b'""Company"",""Phone"",""City""\n""Acme, Inc"",""050"",""Riyadh""\n')
    assert landed.file.columns == ("Company", "Phone", "City")
    assert cells(landed) == [["Acme, Inc", "050", "Riyadh"]]


def test_a_long_line_of_slips_is_no_hang(land):
    landed = land(table('"a,' * 1_000_000 + "\nBeta,051,Jeddah\n"))
    assert cells(landed) == [["Beta", "051", "Jeddah"]]


def test_known_headers_in_a_list_inside_a_cell_are_no_header(land):
    rows = "".join(f"{number},Acme {number},ten\n" for number in range(30))
    landed = land(f"Nr,Betrieb,Menge\n31,Email;Phone;City;Sector,one\n{rows}".encode())
    assert landed.file.delimiter == ","
    assert landed.file.columns == ("Nr", "Betrieb", "Menge")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_that_are_quoted_as_a_whole(land, line_end):
    lines = [
        '"Company,Phone,City"',
        '"Acme,0501234567,Riyadh"',
        '"""Beta """"The Best"""", Inc"",051,Jeddah"',
        "Gamma,052,Taif",
        "",
        '"Delta,053,Mecca,more"',
    ]
    landed = land(("\ufeff" + line_end.join(lines) + line_end).encode())
    assert cells(landed) == [
        ["Acme", "0501234567", "Riyadh"], ['Beta "The Best", Inc', "051", "Jeddah"], ["Gamma", "052", "Taif"]
    ]  # fmt: skip
    assert landed.rejected == [(6, "Delta,053,Mecca,more", "too_many_fields")]


def test_a_column_of_quoted_texts_is_a_column(land):
    landed = land(b'"Company"\n"Acme, Inc"\n"Beta, Phone, City"\n')
    assert cells(landed) == [["Acme, Inc"], ["Beta, Phone, City"]]


def test_quotes_that_a_backslash_escapes(land):
    text = (
        r'"Acme \"Best\" Co",050,"Riyadh, \"Olaya\""' + "\n"
        r'"C:\Beta",051,"Jeddah"' + "\n"
        r'"Gamma \" Sons",052,Taif' + "\n"
        r'"Delta ""Old"" \"New\"",053,"a\\b"' + "\n"
        r'"open \"Delta,054' + "\n"
    )
    landed = land(table(text))
    assert cells(landed) == [
        ['Acme "Best" Co', "050", 'Riyadh, "Olaya"'],
        [r"C:\Beta", "051", "Jeddah"],
        ['Gamma " Sons', "052", "Taif"],
        ['Delta "Old" "New"', "053", r"a\\b"],
    ]
    assert landed.rejected == [(6, r'"open \"Delta,054', "malformed_quotes")]


@pytest.mark.parametrize("following", [2, 5_000])
def test_a_quote_that_never_closes_costs_no_other_row(land, following):
    rows = "".join(f"Acme {number},05{number},Riyadh\n" for number in range(following))
    landed = land(table('Beta,050,Jeddah\nbad,051,"Riyadh\n' + rows))
    assert landed.told.rows_landed == 2 + following


def test_mixed_line_ends_and_nul(land):
    landed = land(b"Company,Phone,City\r\nAcme,050,Riyadh\nBe\x00ta,051,Jeddah\r\nGa\rmma,052,Taif\n")
    assert cells(landed) == [
        ["Acme", "050", "Riyadh"], ["Be\x00ta", "051", "Jeddah"], ["Ga\rmma", "052", "Taif"]
    ]  # fmt: skip


def test_lone_returns_part_rows_when_they_must(land):
    landed = land(b"Company,Phone,City\r\nAcme,050,Riyadh\nBeta,051,Jeddah\rGamma,052,Taif\r\n")
    assert cells(landed) == [
        ["Acme", "050", "Riyadh"], ["Beta", "051", "Jeddah"], ["Gamma", "052", "Taif"]
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [";", "^", "'", "\\"])
def test_a_first_line_that_says_the_delimiter(land, delimiter):
    text = f"sep={delimiter}\nCompany,Phone,City\nAcme,050,Riyadh\n"
    landed = land(text.replace(",", delimiter).encode())
    assert cells(landed) == [["Acme", "050", "Riyadh"]]
    assert landed.rejected == [(1, f"sep={delimiter}", "above_header")]


@pytest.mark.parametrize("delimiter", ["~", "^", ":", "*", "#", "!", "\x01", "\x1f", "||", "::", "~~"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_delimiter_that_is_rare_but_certain(land, delimiter, line_end):
    table = [
        ["Company Name", "Phone", "Remark", "City"],
        ["Acme", "050,051", "", "Riyadh"],
        ['"Be~^:*#!||::ta"', '"say ""no"""', "-", "Jeddah"],
        ["شركة", "052", "x; y", "مكة"],
    ]
    landed = land(line_end.join(map(delimiter.join, table)).encode())
    assert landed.file.delimiter == delimiter
    assert landed.file.columns == tuple(table[0])
    assert cells(landed) == [
        ["Acme", "050,051", None, "Riyadh"],
        ["Be~^:*#!||::ta", 'say "no"', "-", "Jeddah"],
        ["شركة", "052", "x; y", "مكة"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Email\na:b@acme.sa\nc:d@acme.sa\n",
        "Company: Phone\nAcme: Trading: 050\nBeta: 051\n",
        "Name:Notes\nAcme:x\n",
        "Website\nhttps://acme.sa\nhttps://beta.sa\n",
        "Company~Phone,City\nAcme~050,Riyadh\n",
    ],
)
def test_a_rare_sign_that_parts_no_columns_for_certain(land, text):
    assert land(text.encode()).file.delimiter == ","


def test_a_slip_between_delimiters_of_two_letters(land):
    landed = land(b'Company||Phone||City\nAcme||050||Riyadh\nThe "|Noor"||"051||Jeddah\n')
    assert cells(landed) == [["Acme", "050", "Riyadh"], ['The "|Noor"', '"051', "Jeddah"]]


def test_a_pipe_table_with_an_empty_column(land):
    landed = land(b"Company||Phone|City\nAcme||050|Riyadh\nBeta|x|051|Jeddah\n")
    assert cells(landed) == [["Acme", None, "050", "Riyadh"], ["Beta", "x", "051", "Jeddah"]]


def test_a_header_whose_quotes_make_no_sense_is_still_the_header(land):
    landed = land(b'Company,"Phone,City\nAcme,050,Riyadh\nBeta,051,Jeddah\n')
    assert landed.file.has_header
    assert cells(landed) == [["Acme", "050", "Riyadh"], ["Beta", "051", "Jeddah"]]


def test_a_ten_megabyte_cell_of_many_lines(land):
    cell = 'two ""lines""\n' * 700_000
    landed = land(table(f'Acme,050,"{cell}"\nBeta,051,Jeddah\n'))
    assert [row["City"] for row in landed.rows] == [cell.replace('""', '"'), "Jeddah"]


def test_a_ten_megabyte_cell(land):
    landed = land(table(f"Acme,050,{'x' * 10_000_000}\nBeta,051,Jeddah\n"))
    assert [len(row["City"]) for row in landed.rows] == [10_000_000, 6]


def test_hostile_headers_and_names(land):
    landed = land(
        b"Company\"); drop schema raw cascade; --,=cmd|' /C calc'!A0,a/b~c\x00\nAcme,1,2\n",
        name="[a]*? 'quote' \"double\".csv",
    )
    assert cells(landed) == [["Acme", "1", "2"]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"Company,Phone\n", "no rows below it"),
        (b"PK\x03\x04....", "damaged Excel workbook or zip"),
        (b"\xd0\xcf\x11\xe0....", "old Excel"),
        (b"\x1f\x8b\x08....", "damaged gzip"),
        (gzip.compress(HEADER.encode() * 9, mtime=0)[:-9], "damaged gzip"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (gzip.compress(gzip.compress(HEADER.encode(), mtime=0), mtime=0), "compressed twice"),
        (gzip.compress(b"%PDF-1.7", mtime=0), "a PDF"),
        (b"<html><table>", "web page"),
        (b"\r\n <META charset=utf-8>\n<table>\n<tr>\n", "web page"),
        ("<html>\n<table>\n<tr>".encode("utf-16"), "web page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>", "web page"),
        (b"{\\rtf1\\ansi Company\n\\par Acme\n}", "a formatted text"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Acme\r\nEND:VCARD\r\n", "contact cards"),
        (archive({"word/document.xml": "", "[Content_Types].xml": ""}), "a Word or PowerPoint document"),
        (archive({"Index/Document.iwa": ""}), "an Apple Numbers document. Export it"),
        (bytes(range(256)) * 40, "binary"),
        (bytes(300), "binary"),
        (b"leads.csv".ljust(257, b"\0") + b"ustar\x0000" + HEADER.encode() * 9, "a tar archive"),
        ((",".join(f"c{n}" for n in range(10_000)) + "\n" + "," * 9_999).encode(), "10,000 columns"),
    ],
)
def test_what_is_no_text_table_is_refused_in_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "leads.csv"
    path.write_bytes(content)
    with pytest.raises(UsageProblem, match=sentence), open_lead_file(path):
        pass


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_may_never_end_is_refused_before_it_is_read(tmp_path, make):
    path = tmp_path / "leads.csv"
    make(path)
    # Nobody writes into the pipe: opening it would wait for ever.
    with pytest.raises(UsageProblem, match="a pipe or a device, not a file"), open_lead_file(path):
        pass


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1256"])
def test_gzip_of_text_in_any_encoding(land, codec):
    landed = land(gzip.compress(ARABIC.encode(codec)), "leads.csv.gz")
    assert landed.rows[1]["المدينة"] == "جدة"
    assert landed.file.is_compressed
    assert landed.file.sha256 == hashlib.sha256((landed.file.path).read_bytes()).hexdigest()


def test_a_header_that_begins_like_a_web_page(land):
    assert land(b"<div onload=alert(1)>,Phone\nAcme,050\n").rows[0]["Phone"] == "050"


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "HARMLESS_BYTES", 1 << 20)
    path = tmp_path / "leads.csv.gz"
    path.write_bytes(gzip.compress(HEADER.encode() + b"," * (50 << 20)))
    with pytest.raises(UsageProblem, match="would unpack to more than"), open_lead_file(path):
        pass


def test_a_title_line_with_empty_cells_behind_it(land):
    landed = land(b"Unsere Liste,,,\nFirma,Fon,Ort,Notiz\nAcme,050,Riyadh,a\nBeta,051,Jeddah,b\n")
    assert landed.file.columns == ("Firma", "Fon", "Ort", "Notiz")
    assert landed.rejected == [(1, "Unsere Liste,,,", "above_header")]


def test_a_title_in_the_middle_and_empty_rows_around_the_table(land):
    landed = land(b",,,\n,,Unsere Liste,\nFirma,Fon,Ort,Notiz\nAcme,050,Riyadh,a\n" + b",,,\n" * 9)
    assert landed.file.columns == ("Firma", "Fon", "Ort", "Notiz")
    assert landed.rejected == [(1, ",,,", "above_header"), (2, ",,Unsere Liste,", "above_header")]
    assert len(landed.rows) == 10


SECURITY = Path(__file__).parent / "fixtures" / "security"
HOSTILE = [
    *json.loads((SECURITY / "naughty_strings.json").read_text(encoding="utf-8")),
    *(SECURITY / "csv_injection.txt").read_text(encoding="utf-8").splitlines(),
    *(SECURITY / "xss_quick.txt").read_text(encoding="utf-8").splitlines(),
]


def no_control(text: str) -> str:
    """What an XML file, and so a workbook, can hold."""
    return "".join(letter for letter in text if letter.isprintable() or letter in " \n\t")


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_hostile_strings_in_cells_and_headers_are_only_text(land, form):
    """Each string stands in a cell of its own row, and a third of them in a header each."""
    table = [[text, "0501234567", "Riyadh"] for text in HOSTILE]
    names = ["Company", "Phone", "City", *HOSTILE[::3]]
    if form == "xlsx":
        table = [[no_control(text), *rest] for text, *rest in table]
        names = list(map(no_control, names))
        widened = rows(["Company", "Phone", "City"], *table)
        content = workbook(Leads=widened)
    elif form == "json":
        records = [dict(zip(("Company", "Phone", "City"), row, strict=True)) for row in table]
        records.append(dict.fromkeys(names, "x"))
        content = json.dumps(records).encode()
    else:
        text = io.StringIO(newline="")
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([names, *(row + ["x"] * (len(names) - 3) for row in table)])
        content = text.getvalue().encode()
    landed = land(content, f'it\'s "a" [list]*; --.{form}')
    found = [row["Company"] for row in landed.rows[: len(table)]]
    assert found == [row[0] or None for row in table]
    assert landed.rejected == []
    if form != "xlsx":
        assert len(landed.file.columns) == len(names if form == "csv" else set(names))
        assert all(landed.rows[-1].values())


def test_no_such_file(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(UsageProblem), open_lead_file(path):
            pass


MESSY = st.text(alphabet="ab\" '\r\n\t,;|0é\x00\ufeff", max_size=6)
TIDY = st.text(alphabet="ab\" '\n\t,;|0é", max_size=8)
SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SETTINGS
@given(
    rows=st.lists(st.lists(TIDY, min_size=3, max_size=3), min_size=1, max_size=8),
    line_end=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_a_tidy_file_comes_through_exactly(land, rows, line_end, delimiter, quoting):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows([["Company", "Phone", "City"], *rows])
    landed = land(text.getvalue().encode())
    assert cells(landed) == [[cell or None for cell in row] for row in rows]


@SETTINGS
@given(
    lines=st.lists(st.lists(MESSY, min_size=1, max_size=5).map(",".join), min_size=1, max_size=8),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_messy_file_adds_up(land, lines, line_end):
    try:
        landed = land((HEADER.rstrip() + line_end + line_end.join(lines)).encode())
    except UsageProblem as problem:
        assert "no rows" in str(problem)
        return
    text = "".join(filter(str.strip, "".join(lines)))
    found = "".join(
        [*landed.file.columns, *(cell or "" for row in cells(landed) for cell in row)]
        + [text for _, text, _ in landed.rejected]
    )
    for letter in "ab0é":
        assert text.count(letter) <= found.count(letter)
