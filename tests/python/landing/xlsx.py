"""Makes small .xlsx files by hand, so that the tests decide every byte of them."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DATE, PADDED, PADDED_IN_GROUPS, MONEY = 1, 2, 3, 4
# Other number formats, by the style that has them.
FORMATS = {
    style: code
    for style, code in enumerate(
        ['"+971" 00 0000000', '"0"#########', "0#########", "[$-2000401]0000000000;[Red]-0", "[$+966-401]#",
         r"\0\0#", "+000000000000", '"SAR "000000', "000.00", '0000" ext"'],
        start=5,
    )
}  # fmt: skip
PERCENT, PERCENT_WITH_DECIMALS = 30, 31
STYLES = f"""<styleSheet {MAIN}><numFmts>
<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="0000000000"/>
<numFmt numFmtId="166" formatCode="000\\ 000\\ 0000;@"/><numFmt numFmtId="167" formatCode="#,##0.00"/>
<numFmt numFmtId="250" formatCode="[Red]0.0\\ %;-0.0%"/>
{"".join(f"<numFmt numFmtId='{163 + style}' formatCode={quoteattr(code)}/>" for style, code in FORMATS.items())}
</numFmts><cellXfs><xf numFmtId="0"/>
{"".join(f'<xf numFmtId="{164 + at}"/>' for at in range(4 + len(FORMATS)))}
{'<xf numFmtId="0"/>' * (PERCENT - 5 - len(FORMATS))}<xf numFmtId="9"/><xf numFmtId="250"/></cellXfs></styleSheet>"""


def cell(place: str, value, style: int = 0) -> str:
    """One cell: text, a number, or a truth value."""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        text = f'<t xml:space="preserve">{escape(value)}</t>'
        return f'<c r="{place}" s="{style}" t="inlineStr"><is>{text}</is></c>'
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def rows(*lines: list, first: int = 1) -> str:
    """Rows of values, or of (value, style); None leaves a cell out."""
    xml = []
    for number, line in enumerate(lines, start=first):
        cells = [
            cell(f"{chr(65 + at)}{number}", *(item if isinstance(item, tuple) else (item,)))
            for at, item in enumerate(line)
            if item is not None
        ]
        xml.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(xml)


def workbook(
    *,
    hidden: tuple[str, ...] = (),
    merged: tuple[str, ...] = (),
    links: dict[str, str] | None = None,
    **sheets: str,
) -> bytes:
    """The bytes of a workbook whose sheets hold these <row> elements, and these ranges as one cell each.

    `links`: what cells of each sheet link to.
    """
    linked = list((links or {}).items())
    hyperlinks = "".join(f'<hyperlink ref="{ref}" r:id="rId{at}"/>' for at, (ref, _) in enumerate(linked))
    hyperlinks = f"<hyperlinks {LINKS}>{hyperlinks}</hyperlinks>" if linked else ""
    targets = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/hyperlink" Target={quoteattr(url)} TargetMode="External"/>'
        for at, (_, url) in enumerate(linked)
    )
    ranges = "".join(f'<mergeCell ref="{range_}"/>' for range_ in merged)
    ranges = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
    titles = list(sheets)
    state = {title: ' state="hidden"' if title in hidden else "" for title in titles}
    listed = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}"{state[title]} r:id="rId{number}"/>'
        for number, title in enumerate(titles, start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(titles) + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"<workbook {MAIN} {LINKS}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId99" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
    } | {
        f"xl/worksheets/sheet{number}.xml": f"<worksheet {MAIN}><sheetData>{xml}</sheetData>{ranges}"
        f"{hyperlinks}</worksheet>"
        for number, xml in enumerate(sheets.values(), start=1)
    }
    if linked:
        parts |= {
            f"xl/worksheets/_rels/sheet{number}.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f"{targets}</Relationships>"
            for number in range(1, len(titles) + 1)
        }
    return archive(parts)


def archive(parts: dict[str, str | bytes]) -> bytes:
    """The bytes of a zip file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return content.getvalue()
