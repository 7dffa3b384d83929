"""Excel: the text a person sees in the cells, every row accounted for, and no bomb goes off."""

import gzip
import io
import re
import zipfile

import pytest
from xlsx import (
    DATE,
    FORMATS,
    MONEY,
    PADDED,
    PADDED_IN_GROUPS,
    PERCENT,
    PERCENT_WITH_DECIMALS,
    archive,
    cell,
    rows,
    workbook,
)

from python_jobs.command_line import UsageProblem
from python_jobs.landing import unpack
from python_jobs.landing import workbook as workbook_reader
from python_jobs.landing.handed_list import read_list
from python_jobs.landing.lead_file import open_lead_file

HEADER = ["Company", "Phone", "City"]


def cells(landed) -> list[list]:
    return [list(row.values()) for row in landed.rows]


def refusal(tmp_path, content, **said) -> str:
    path = tmp_path / "leads.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageProblem) as problem, open_lead_file(path, **said):
        pass
    assert "leads.xlsx" in str(problem.value)
    return str(problem.value)


def test_numbers_dates_and_truth_come_through_as_meant(land):
    landed = land(
        workbook(
            Leads=rows(
                ["Company", "Phone", "Other", "When"],
                ["Acme", 501234567.0, 24.713600000000001, (46142, DATE)],
                ["Beta", (501234567, PADDED), (1234.5, MONEY), (46142.5, DATE)],
                ["Gamma", (112345678, PADDED_IN_GROUPS), 9.66501234567e11, True],
                ["Delta", ("0501234567", PADDED), -1.0, "=1+1"],
                ["Epsilon", ("501234567", PADDED), 0.1 + 0.2, False],
                ["Zeta", 4111111111111111, 12345678901234567890, None],
            )
        ),
        "leads.xlsx",
    )
    assert cells(landed) == [
        ["Acme", "501234567", "24.7136", "2026-04-30"],
        ["Beta", "0501234567", "1234.5", "2026-04-30 12:00:00"],
        ["Gamma", "0112345678", "966501234567", "TRUE"],
        ["Delta", "0501234567", "-1", "=1+1"],
        ["Epsilon", "501234567", "0.3", "FALSE"],
        ["Zeta", "4111111111111111", "12345678901234600000", None],
    ]
    assert (landed.file.format, landed.file.sheet, landed.file.encoding) == ("Excel", "Leads", None)


def test_the_digits_that_a_number_format_puts_in_front(land):
    shown = {
        '"+971" 00 0000000': "+971501234567",
        '"0"#########': "0501234567",
        "0#########": "0501234567",
        "[$-2000401]0000000000;[Red]-0": "0501234567",
        "[$+966-401]#": "+966501234567",
        r"\0\0#": "00501234567",
        "+000000000000": "000501234567",
        '"SAR "000000': "501234567",
        "000.00": "501234567",
        '0000" ext"': "501234567",
    }
    lines = [[code, (501234567, style)] for style, code in FORMATS.items()]
    landed = land(workbook(Leads=rows(["Company", "Phone"], *lines)), "leads.xlsx")
    assert cells(landed) == [list(pair) for pair in shown.items()]


def test_a_percentage_is_what_the_cell_shows(land):
    shown = {
        0.15: "15%", 0.1534: "15.34%", 1: "100%", 1.2: "120%", -0.05: "-5%", 0: "0%", 0.07: "7%", 0.00001: "0.001%",
    }  # fmt: skip
    lines = [["Acme", (value, PERCENT), (value, PERCENT_WITH_DECIMALS)] for value in shown]
    lines.append(["Beta", ("half", PERCENT), True])
    landed = land(workbook(Leads=rows(["Company", "Discount", "Share"], *lines)), "leads.xlsx")
    assert cells(landed) == [["Acme", text, text] for text in shown.values()] + [["Beta", "half", "TRUE"]]


def test_cells_that_do_not_say_their_place_have_their_number_format(land):
    book = workbook(Leads=rows(["Company", "Phone"], ["Acme", (501234567, PADDED)]))
    parts = {}
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        for name in file.namelist():
            parts[name] = re.sub(r'(<(?:c|row)) r="\w+"', r"\1", file.read(name).decode())
    assert cells(land(archive(parts), "leads.xlsx")) == [["Acme", "0501234567"]]


def test_a_cell_that_is_merged_over_rows_counts_for_each(land):
    sheet = rows(
        ["Our list"],
        ["Company", "City", "Contact"],
        [None, None, "Phone", "Opt out"],
        ["Acme", (11564, PADDED), "0501234567", "yes"],
        [None, None, "0551234567"],
        ["Beta", None, "0561234567"],
        [None, None, None, None],
    )
    merged = ("A1:D1", "A2:A3", "B2:B3", "C2:D2", "A4:A5", "B4:B5", "D4:D6", "A6:C7")
    landed = land(workbook(Leads=sheet, merged=merged), "leads.xlsx")
    assert landed.file.columns == ("Company", "City", "Phone", "Opt out")
    assert cells(landed) == [
        ["Acme", "0000011564", "0501234567", "yes"],
        ["Acme", "0000011564", "0551234567", "yes"],
        ["Beta", None, "0561234567", "yes"],
    ]
    assert [line for line, _, _ in landed.rejected] == [1, 2]


def test_merged_cells_outside_the_table_change_nothing(land):
    sheet = f'<row r="2">{cell("C2", "Company")}{cell("D2", "Phone")}</row>' + "".join(
        f'<row r="{row}">{cell(f"C{row}", "Acme")}{cell(f"D{row}", row)}</row>' for row in (3, 4)
    )
    landed = land(workbook(Leads=sheet, merged=("A1:B4", "D1:XFD1", "Z2:Z9")), "leads.xlsx")
    assert cells(landed) == [["Acme", "3"], ["Acme", "4"]]


def test_errors_of_formulas_are_text_and_a_row_of_them_is_a_row(land, monkeypatch):
    def failed(place: str, error: str) -> str:
        return f'<c r="{place}" t="e"><f>1/0</f>{error}</c>'

    lines = [f'<row r="{row}">{failed(f"A{row}", "<v>#N/A</v>")}{failed(f"B{row}", "<v>#REF!</v>")}</row>'
             for row in range(3, 40)]  # fmt: skip
    sheet = rows(["Company", "Phone"], ["Acme", (501234567, PADDED)]) + "".join(lines)
    sheet += f'<row r="40">{failed("A40", "")}{cell("B40", 7, PADDED)}</row>'
    for chunk in (workbook_reader.CHUNK, 50):
        monkeypatch.setattr(workbook_reader, "CHUNK", chunk)
        landed = land(workbook(Leads=sheet), "leads.xlsx")
        assert cells(landed) == [["Acme", "0501234567"], *[["#N/A", "#REF!"]] * 37, [None, "0000000007"]]


NEVER_COMPUTED = [
    "<c r='{}'><f>1+1</f><v/></c>", '<c r="{}" s="1"><f>1+1</f><v></v></c>', '<c r="{}"><f t="shared" si="0"/></c>',
    '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="{}"><x:f>1+1</x:f></x:c>',
]  # fmt: skip


@pytest.mark.parametrize("formula", NEVER_COMPUTED)
def test_formulas_that_were_never_computed_are_told(land, formula):
    computed = '<c r="B4" t="str"><f>T("")</f><v></v></c><c r="C4"><f>0+0</f><v>0</v></c>'
    sheet = rows(["Company", "Phone", "City"], ["Acme", 1, "Riyadh"])
    sheet += f'<row r="3">{cell("A3", "Beta")}{formula.format("B3")}{cell("C3", "Jeddah")}</row>'
    sheet += f'<row r="4">{cell("A4", "Gamma")}{computed}</row>'
    sheet += f'<row r="5">{formula.format("A5")}{formula.format("B5")}</row>'
    landed = land(workbook(Leads=sheet), "leads.xlsx")
    assert landed.file.uncomputed_formulas == (("Company", 1), ("Phone", 2))
    assert cells(landed) == [
        ["Acme", "1", "Riyadh"], ["Beta", None, "Jeddah"], ["Gamma", None, "0"], [None, None, None],
    ]  # fmt: skip


def test_results_that_a_writer_left_at_zero_are_told(land):
    sheet = (
        rows(["Company", "Phone"]) + f'<row r="2">{cell("A2", "Acme")}<c r="B2"><f>1+1</f><v>0</v></c></row>'
    )
    book = workbook(Leads=sheet)
    assert land(book, "leads.xlsx").file.uncomputed_formulas == ()
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    home = "xl/workbook.xml"
    parts[home] = parts[home].replace("</workbook>", '<calcPr calcId="1" fullCalcOnLoad="1"/></workbook>')
    assert land(archive(parts), "leads.xlsx").file.uncomputed_formulas == (("Phone", 1),)


def test_nothing_but_formulas_that_were_never_computed(tmp_path):
    sheet = '<row r="1"><c r="A1"><f>Old!A1</f></c></row><row r="2"><c r="A2"><f>Old!A2</f></c></row>'
    told = refusal(tmp_path, workbook(Leads=sheet, Old=rows(HEADER)))
    assert "nothing but formulas that were never computed (2). Open it in Excel" in told


def test_an_opt_out_list_of_such_formulas_is_refused(tmp_path):
    path = tmp_path / "optouts.xlsx"
    path.write_bytes(
        workbook(List=rows(["Phone"], ["0501234567"]) + '<row r="3"><c r="A3"><f>1</f></c></row>')
    )
    with pytest.raises(UsageProblem, match=r"never computed \(Phone\), so an opt-out in it could be missed"):
        read_list(path)


def test_title_lines_empty_rows_and_row_numbers(land):
    sheet = (
        rows(["made\nby us"], ["Leads of 2026"], first=2)
        + rows(["Firma", "Fon", "Ort", "Notiz", "Mehr"], first=6)
        + rows(["Acme\nTrading", 1, "Riyadh"], first=8)
        + rows(["  "], first=9)
        + rows(["Beta", 2, "Jeddah", None, "x"], first=12)
    )
    landed = land(workbook(Leads=sheet), "leads.xlsx")
    assert landed.file.columns == ("Firma", "Fon", "Ort", "Notiz", "Mehr")
    assert cells(landed) == [
        ["Acme\nTrading", "1", "Riyadh", None, None],
        ["Beta", "2", "Jeddah", None, "x"],
    ]
    assert [(line, reason) for line, _, reason in landed.rejected] == [
        (2, "above_header"), (3, "above_header")
    ]  # fmt: skip
    assert "Leads of 2026" in landed.rejected[1][1]


def test_a_table_that_begins_away_from_the_corner(land):
    sheet = "".join(
        f'<row r="{row}">{cell(f"C{row}", name)}{cell(f"D{row}", phone, PADDED)}</row>'
        for row, name, phone in [(5, "Company", "Phone"), (6, "Acme", 501234567)]
    )
    assert land(workbook(Leads=sheet), "leads.xlsx").rows == [{"Company": "Acme", "Phone": "0501234567"}]


def test_a_far_cell_does_not_hide_the_header(land):
    sheet = rows(["A list"], first=1) + rows(
        ["Firma", "Fon", "Ort"], ["Acme", 1, "Riyadh"], ["B", 2, "J"], first=2
    )
    landed = land(workbook(Leads=sheet + f'<row r="9">{cell("Z9", "a note")}</row>'), "leads.xlsx")
    assert landed.file.columns[:3] == ("Firma", "Fon", "Ort")
    assert landed.told.rows_landed == 3
    assert landed.rows[2]["column_26"] == "a note"


def test_which_sheet(land, tmp_path):
    book = workbook(
        Cover=rows(["old"], ["older"]),
        Leads=rows(HEADER, ["Acme", 1, "Riyadh"]),
        Empty="",
        hidden=("Cover",),
    )
    assert land(book, "leads.xlsx").file.sheet == "Leads"
    path = tmp_path / "leads.xlsx"
    with open_lead_file(path, sheet=" leads") as file:
        assert (file.sheet, file.other_sheets) == ("Leads", ("Cover", "Empty"))
    assert "no sheet 'Nope'. It has: Cover, Leads, Empty" in refusal(tmp_path, book, sheet="Nope")
    assert "has no rows. Other sheets (--sheet): Cover, Leads" in refusal(tmp_path, book, sheet="Empty")
    cover = workbook(Cover=rows(["See the next sheet"]), Leads=rows(HEADER, ["Acme", 1, "Riyadh"]))
    assert "no rows below it. The sheet that was read is 'Cover'. Other sheets (--sheet): Leads." in refusal(
        tmp_path, cover
    )
    path.write_bytes(book)
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageProblem, match="no Excel workbook"), open_lead_file(path, sheet="Leads"):
        pass


def test_a_gzipped_workbook_whatever_its_name(land):
    landed = land(gzip.compress(workbook(Leads=rows(HEADER, ["Acme", 1, "Riyadh"]))), "leads.csv")
    assert cells(landed) == [["Acme", "1", "Riyadh"]]
    assert landed.file.is_compressed


@pytest.mark.parametrize("title", ['a\'b "c" & <d>', "الشركات", "../etc/passwd"])
def test_odd_sheet_names(land, title):
    assert land(workbook(**{title: rows(HEADER, ["Acme", 1, "x"])}), "leads.xlsx").file.sheet == title


def test_a_directory_that_tells_of_a_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "HARMLESS_BYTES", 1 << 20)
    text = "<row>" + " " * (20 << 20) + "</row>"
    assert "would unpack to" in refusal(tmp_path, workbook(Leads=text))


def test_a_directory_that_lies_about_a_bomb(tmp_path):
    content = bytearray(workbook(Leads=rows(HEADER) + " " * (5 << 20)))
    size = next(
        info.file_size
        for info in zipfile.ZipFile(io.BytesIO(bytes(content))).infolist()
        if info.filename.endswith("sheet1.xml")
    )
    told = content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert "damaged" in refusal(tmp_path, bytes(told))


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c s="0"><v>1</v></c></row><row>' + "<c><v>1</v></c>" * 500 + "</row>",
        '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1">'
        "<x:c t='n' r='XFD1048576'><x:v>1</x:v></x:c></x:row>",
    ],
)
def test_one_far_cell_does_not_eat_the_memory(tmp_path, far):
    assert "too far" in refusal(tmp_path, workbook(Leads=rows(HEADER) + far))


def test_a_far_cell_that_is_only_formatted_does_not_matter(land):
    far = '<row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"></c></row>'
    landed = land(workbook(Leads=rows(HEADER, ["Acme", 1, "Riyadh"]) + far), "leads.xlsx")
    assert cells(landed) == [["Acme", "1", "Riyadh"]]


@pytest.mark.parametrize("change", [
    lambda name: name.replace("xl/", ""), lambda name: name.replace("xl/", "app/data/"),
    lambda name: name.replace("/", "\\"), str.lower,
])  # fmt: skip
def test_a_workbook_whose_parts_lie_elsewhere(land, change):
    book = workbook(Leads=rows(HEADER, ["Acme", (501234567, PADDED), "Riyadh"]))
    parts = {}
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        for name in file.namelist():
            text = file.read(name).decode()
            if name == "_rels/.rels":
                text = text.replace("xl/workbook.xml", change("xl/workbook.xml").replace("\\", "/"))
            parts[change(name)] = text
    assert land(archive(parts), "leads.xlsx").rows == [
        {"Company": "Acme", "Phone": "0501234567", "City": "Riyadh"}
    ]


def test_damaged_and_foreign_archives(tmp_path):
    book = workbook(Leads=rows(HEADER, ["Acme", 1, "Riyadh"]))
    parts = {info.filename: zipfile.ZipFile(io.BytesIO(book)).read(info) for info in
             zipfile.ZipFile(io.BytesIO(book)).infolist()}  # fmt: skip
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts["xl/workbook.xml"]
    assert "damaged" in refusal(tmp_path, book[:-30])
    assert "damaged" in refusal(tmp_path, book[:200])
    assert "damaged" in refusal(tmp_path, archive(parts | {"xl/workbook.xml": bomb}))
    assert "damaged" in refusal(tmp_path, archive(parts | {"xl/workbook.xml": b"<a><b></a>"}))
    assert "damaged" in refusal(
        tmp_path, archive({name: text for name, text in parts.items() if "sheet1" not in name})
    )
    assert "no Excel workbook" in refusal(tmp_path, archive({"leads.csv": "a,b"}))
    ods = archive({"META-INF/manifest.xml": "<x/>", "content.xml": "<x/>"})
    assert "OpenDocument file (.ods). Save it as .xlsx" in refusal(tmp_path, ods)
    assert "xlsb" in refusal(tmp_path, archive({"xl/workbook.bin": b"x"}))
    assert "password" in refusal(tmp_path, b"\xd0\xcf\x11\xe0....")


LINKED = [
    ["Company", "Website", "Email", "Page"],
    ["Acme", "Visit website", "Email us", "www.acme.sa"],
    ["Beta", "اضغط هنا", None, "Link"],
    ["Gamma", "Website", "بريد إلكتروني", "Olaya branch"],
    ["Delta", "Website", "info@delta.sa", "Link"],
]
LINKS = {
    "A2": "https://list.sa/acme", "B2": "https://acme.sa/?a=1&b=2", "C2": "mailto:info@acme.sa",
    "B3": "https://beta.sa/", "C3": "mailto:info@beta.sa", "B4:B4": "HTTPS://gamma.sa", "C4": "mailto:g@gamma.sa",
    "B5": "file:///C:/delta.html", "C5": "mailto:info@delta.sa", "D2": "https://list.sa/1", "D3": "https://list.sa/2",
    "D4": "https://list.sa/3", "Z9999": "https://far.sa",
}  # fmt: skip


def test_a_link_that_says_more_than_its_text(land):
    landed = land(workbook(Leads=rows(*LINKED), links=LINKS), "leads.xlsx")
    assert [list(row.values())[:3] for row in landed.rows] == [
        ["Acme", "Visit website <https://acme.sa/?a=1&b=2>", "Email us <mailto:info@acme.sa>"],
        ["Beta", "اضغط هنا <https://beta.sa/>", None],
        ["Gamma", "Website <HTTPS://gamma.sa>", "بريد إلكتروني <mailto:g@gamma.sa>"],
        ["Delta", "Website", "info@delta.sa"],
    ]
    # Of a column whose texts say something themselves nobody means the links.
    assert [row["Page"] for row in landed.rows] == ["www.acme.sa", "Link", "Olaya branch", "Link"]


def test_a_header_with_a_link_is_a_header(land):
    landed = land(
        workbook(Leads=rows(*LINKED), links={"B1": "https://list.sa", "B2": "https://a.sa"}), "a.xlsx"
    )
    assert landed.file.columns == tuple(LINKED[0])
    assert landed.rows[0]["Website"] == "Visit website <https://a.sa>"


@pytest.mark.parametrize("quote", ['"', "&quot;"])
def test_a_formula_that_links(land, quote):
    def linked(row, url, text):
        formula = f"HYPERLINK({quote}{url}{quote},{quote}{text}{quote})"
        return f'<c r="B{row}" t="str"><f>{formula}</f><v>{text}</v></c>'

    sheet = (
        rows(["Company", "Website"])
        + f'<row r="2">{cell("A2", "Acme")}{linked(2, "https://acme.sa/?a=1&amp;b=2", "Link")}</row>'
        + f'<row r="3">{cell("A3", "Beta")}{linked(3, "#Sheet2!A1", "Link")}</row>'
    )
    landed = land(workbook(Leads=sheet), "leads.xlsx")
    assert cells(landed) == [["Acme", "Link <https://acme.sa/?a=1&b=2>"], ["Beta", "Link"]]
