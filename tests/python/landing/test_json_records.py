"""JSON: a list, {"rows": [...]} or one object per line; nothing lost, nothing invented."""

import json

import pytest

from python_jobs.command_line import UsageProblem
from python_jobs.landing import json_records
from python_jobs.landing.lead_file import open_lead_file

LEADS = [
    {"Company": "Acme", "Phone": "0501234567", "City": "Riyadh"},
    {"Company": "شركة النخبة", "Phone": "0551234567", "City": None},
]


def refusal(tmp_path, text: str) -> str:
    path = tmp_path / "leads.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageProblem) as problem, open_lead_file(path):
        pass
    return str(problem.value)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_the_three_forms_give_the_same(land, indent, codec):
    listed = json.dumps(LEADS, ensure_ascii=False, indent=indent)
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in LEADS)
    for text, form in [
        (listed, "JSON list"),
        (f'{{"made": {{"by": [1]}}, "rows": {listed}}}', "JSON rows"),
        (lines, "JSON lines"),
        (lines.replace("\n", "\r\n\r\n") + "\r\n", "JSON lines"),
    ]:
        landed = land(text.encode(codec), "leads.json")
        assert landed.rows == LEADS
        assert landed.file.format == form


def test_numbers_are_text_as_meant(land):
    text = (
        '[{"a": 501234567.0, "b": 5.01234567e8, "c": 0.10, "d": 12345678901234567890, "e": "007", "f": true}]'
    )
    assert land(text.encode()).rows == [
        {
            "a": "501234567",
            "b": "501234567",
            "c": "0.10",
            "d": "12345678901234567890",
            "e": "007",
            "f": "true",
        }
    ]


def test_odd_numbers_are_no_crash(land):
    landed = land(b'[{"a": 1e999999999, "b": NaN, "c": -0.0, "d": ' + b"9" * 6000 + b"}]")
    assert landed.rows == [{"a": "1e999999999", "b": "NaN", "c": "-0", "d": "9" * 6000}]


def test_keys_become_columns(land):
    records = [
        '{"a": 1, "A": 2, "a": 3, "": 4}',
        '{"b": {"c": {"d": 5}}, "phones": ["050", null, "051"], "many": [{"x": 1.50}], "none": {}}',
        "{}",
    ]
    landed = land("\n".join(records).encode())
    assert landed.file.columns == ("a", "A_2", "a_3", "column_4", "b.c.d", "phones", "many", "none")
    assert [list(row.values()) for row in landed.rows] == [
        ["1", "2", "3", "4", None, None, None, None],
        [None, None, None, None, "5", "050; 051", '[{"x": 1.50}]', None],
        [None] * 8,
    ]


def test_what_is_no_row_is_kept_apart(land):
    lines = [
        b'{"a": "x\\ny"}',
        b"",
        b'{"a": 2',
        b"17",
        b'{"a": "\xff\xfe"}',
        b'{"a":' + b"[" * 99_999,
        b'{"a": 3}',
    ]
    more = [b'{"a": "%s"}' % "شركة".encode()] * 9
    landed = land(b"\n".join(lines + more))
    assert [row["a"] for row in landed.rows] == ["x\ny", "3", *["شركة"] * 9]
    assert [(line, reason) for line, _, reason in landed.rejected] == [
        (3, "malformed_json"), (4, "not_an_object"), (5, "invalid_encoding"), (6, "nested_too_deep")
    ]  # fmt: skip
    assert landed.rejected[0][1] == '{"a": 2'
    listed = land(b'{"count": 2,\n"rows": [\n{"a": 1},\n[2], "x",\n{"a": 3}], "end": 0}')
    assert [row["a"] for row in listed.rows] == ["1", "3"]
    assert listed.rejected == [
        (1, '"count": 2', "above_header"), (4, "[2]", "not_an_object"), (4, '"x"', "not_an_object"),
        (5, '"end": 0', "above_header"),
    ]  # fmt: skip


def test_what_is_no_object_in_a_list_of_other_values(land):
    landed = land(b'[1, "x", null, {"a": 3}, [4]]')
    assert [row["a"] for row in landed.rows] == ["3"]
    assert [text for _, text, _ in landed.rejected] == ["1", '"x"', "null", "[4]"]


def test_objects_over_several_lines(land):
    text = "\n".join(json.dumps(lead, indent=2) for lead in LEADS)
    assert land(text.encode()).rows == LEADS


@pytest.mark.parametrize("between", ["", " "])
def test_objects_one_behind_the_other_in_a_line(land, between):
    assert land(between.join(map(json.dumps, LEADS)).encode()).rows == LEADS


def test_letters_that_no_file_can_hold(land):
    landed = land(b'[{"a": "\\ud800 \\u0000 \\ud83d\\ude00"}, {"a": "=cmd|\' /C calc\'!A0"}]')
    assert [row["a"] for row in landed.rows] == ["\\ud800 \x00 😀", "=cmd|' /C calc'!A0"]
    assert land(b'[{"\\udfaa": "x"}]').rows == [{"\\udfaa": "x"}]


def test_values_longer_than_what_is_read_at_once(land, monkeypatch):
    monkeypatch.setattr(json_records, "CHUNK", 7)
    assert land(json.dumps(LEADS, indent=3).encode()).rows == LEADS
    monkeypatch.undo()
    landed = land(json.dumps([{"a": "x" * 10_000_000}, {"a": 12}]).encode())
    assert [len(row["a"]) for row in landed.rows] == [10_000_000, 2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", "no rows"),
        ('{"rows": []}', "no rows"),
        ("[1, 2, 3]", "nothing in it is an object"),
        ('[["company"], ["Acme"]]', "nothing in it is an object"),
        ('[{"a": 1}, {"a": 2}', "not valid JSON near line 1"),
        ('[{"a": 1}\n{"a": 2}]', "not valid JSON near line 2"),
        ('[{"a": 1}] x', "something follows"),
        ('{"rows": [{"a": 1}]', "not valid JSON"),
        ('{"name": "x",\n "leads": 3}', "no list of leads"),
        ('{"data": [{"a": 1}]}', "no list of leads"),
        ('{"rows": {"a": 1}}', "no list of leads"),
        ('{"firms": [{"a": 1}, {"a": 2}]}', "no list of leads"),
        ('{"version": 0.6, "elements": [{"type": "node", "tags": {"name": "A"}}]}', "no list of leads"),
        ('{"company": ["A", "B"], "phone": ["1", "2"]}', "no list of leads"),
        ('{"company": {"0": "A", "1": "B"}, "phone": {"0": "1", "1": "2"}}', "no list of leads"),
        ('{"1": {"company": "A"}, "2": {"company": "B"}}', "no list of leads"),
        ('{"firms": [\n{"a": 1},\n{"a": 2}\n]}', "no list of leads"),
        ('{"firms": [\n{"a": 1},\n{"a": 2}\n', "no list of leads"),
        ('{\n"a": 1\n}\n{\n"a": 2', "not valid JSON near line 4"),
        ("[" * 200_000, "nested too deeply"),
        ('[{"a":' + "[" * 100_000 + "]" * 100_000 + "}]", "nested too deeply"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
        (json.dumps([{f"k{n}": 1} for n in range(3_000)]), "3,000 columns"),
        (json.dumps([{f"k{n}": 1} for n in range(20_000)]), "different keys"),
    ],
)
def test_refused_in_a_sentence(tmp_path, text, sentence):
    assert sentence in refusal(tmp_path, text)


def test_a_list_that_only_looks_like_json(land):
    landed = land(b"[Company],[Phone]\nAcme,050\nBeta,051\n")
    assert [list(row.values()) for row in landed.rows] == [["Acme", "050"], ["Beta", "051"]]
