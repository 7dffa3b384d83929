"""Which records become one company, what decisions and withdrawals change, and that dbt's tests bite."""

import itertools
import json
import random

import duckdb
import jinja2
import pytest
from graph_cases import BARE, CASES, HEADER
from lake import ROOT, Lake, write_csv


def groups(lake, name_like: str) -> list[list[str]]:
    """The names of the records of each account of a case."""
    return sorted(
        row[0]
        for row in lake.sql(
            "select list(company_name order by row_number) from normalised.lead_rows "
            "where company_name ilike ? and account_id is not null group by account_id",
            [name_like],
        )
    )


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("Spelling%", [["Spelling Trading Co.", "Spelling Trading", "SPELLING-TRADING L.L.C."]]),
        ("%الوصل%", [["شركة الوصل المحدودة", "شركه الوصل"]]),
        ("Namesake%", [["Namesake Foods"], ["Namesake Foods"]]),
        ("Otherphone%", [["Otherphone Foods"], ["Otherphone Foods"]]),
        ("Twocity%", [["Twocity Foods"], ["Twocity Foods"]]),
        ("Social%", [["Social Alpha", "Social Alpha Branch"], ["Social Beta"]]),
        ("Freemail%", [["Freemail Alpha"], ["Freemail Beta"]]),
        ("Hub%", [["Hub Alpha"], ["Hub Beta"], ["Hub Delta", "Hub Delta"], ["Hub Gamma"]]),
        ("Branch%", [["Branch Clinics Olaya", "Branch Clinics Malaz", "Branch Clinics"]]),
        ("Pharmacy", [["Pharmacy"], ["Pharmacy"]]),
        ("Unlike%", [["Unlike Alpha"]]),
        ("Different%", [["Different Beta"]]),
    ],
)
def test_which_records_are_one_company(built_graph, case, expected):
    found = [sorted(group) for group in groups(built_graph, case)]
    assert sorted(found) == sorted(sorted(group) for group in expected)


@pytest.mark.parametrize(
    ("phone", "names"),
    [
        ("+966112345031", ["Sparkle Brand", "Retail Holding Firm"]),
        ("+966112345032", ["Bassam Tamimi", "بسام التميمي"]),
        ("+966112345033", ["Palm Dates", "تمور النخيل"]),
    ],
)
def test_a_brand_and_its_firm_and_two_scripts_are_one_company(built_graph, phone, names):
    found = built_graph.sql(
        "select list(company_name order by row_number) from normalised.lead_rows "
        "where phone_e164 = ? group by account_id",
        [phone],
    )
    assert found == [(names,)]


def test_a_chain_of_a_thousand_links_is_one_account_named_by_its_first_record(built_graph):
    accounts = built_graph.sql(
        "select account_id, count(*) from normalised.lead_rows where company_name like 'Chain%' group by 1"
    )
    first = built_graph.value(
        "select 'acc_' || left(sha256(import_id || ':1'), 16) from raw.raw_lead_imports "
        "where source_name = 'chain'"
    )
    assert accounts == [(first, 1000)]


def test_chains_and_a_hub_of_100_000_are_each_one_component():
    length = 100_000
    chain_in_order = list(range(1, length + 1))
    shuffled_chain = list(range(length + 1, 2 * length + 1))
    random.Random(5).shuffle(shuffled_chain)
    *spokes, hub = range(2 * length + 1, 3 * length + 2)
    edges = [*itertools.pairwise(chain_in_order), *itertools.pairwise(shuffled_chain)]
    edges += [(spoke, hub) for spoke in spokes]
    random.Random(6).shuffle(edges)
    macros = jinja2.Environment()
    macros.globals["computed_once"] = lambda: "as materialized"
    source = (ROOT / "macros" / "identity" / "connected_components.sql").read_text(encoding="utf-8")
    query = macros.from_string(source + "{{ connected_components('edges') }}").render()
    with duckdb.connect() as connection:
        connection.execute(
            "create table edges as "
            "select unnest($left::bigint[]) as left_node, unnest($right::bigint[]) as right_node",
            {"left": [left for left, _ in edges], "right": [right for _, right in edges]},
        )
        found = connection.execute(
            f"select component, count(*), min(node), max(node) from ({query}) group by all order by all"
        ).fetchall()
    assert found == [
        (1, length, 1, length),
        (length + 1, length, length + 1, 2 * length),
        (2 * length + 1, length + 1, 2 * length + 1, hub),
    ]


def test_branches_are_places_and_the_strictest_terms_win(built_graph):
    account = built_graph.sql(
        "select location_count, contact_count, opt_out from graph.accounts where domain = 'branch-clinics.sa'"
    )
    # Two places with an id and the one city where only the city is known; three contacts.
    assert account == [(3, 3, True)]
    spelling = built_graph.sql(
        "select company_name, source_count, allowed_use, consent_status, risk_level from graph.accounts "
        "where normalized_name = 'spelling trading'"
    )
    assert spelling == [("Spelling Trading Co.", 2, "business_contact_research_only", "unknown", "high")]


def test_every_merge_is_explained_by_its_edges(built_graph):
    unexplained = built_graph.value(
        "select count(*) from graph.accounts where row_count > 1 "
        "and account_id not in (select account_id from identity.match_edges)"
    )
    assert unexplained == 0
    kinds = built_graph.sql(
        "select distinct key_kind, key_value from identity.match_edges as edges "
        "inner join graph.accounts as accounts using (account_id) where accounts.domain = 'branch-clinics.sa'"
    )
    assert kinds == [("domain", "branch-clinics.sa")]


def test_the_order_of_landing_changes_no_company(built_graph, tmp_path):
    """Ids follow from what was landed first; which records are one company does not."""

    def companies(lake) -> set[frozenset]:
        return {
            frozenset(map(tuple, group))
            for (group,) in lake.sql(
                "select list([company_name, coalesce(phone_e164, email, website, place_id), city]) "
                "from normalised.lead_rows inner join raw.raw_lead_imports using (import_id) "
                "where account_id is not null and source_name <> 'chain' group by account_id"
            )
        }

    other = Lake(tmp_path / "permuted")
    other.folder.mkdir()
    spelling = "Spelling Trading,,,,0112345001,,,Riyadh,,"
    other.import_list(write_csv(tmp_path / "more.csv", HEADER, spelling), "more")
    other.import_list(write_csv(tmp_path / "cases.csv", HEADER, *reversed(CASES)), "cases")
    other.import_list(write_csv(tmp_path / "bare.csv", HEADER, *reversed(BARE)), "bare")
    other.dealix("run", "--step", "normalize")
    other.dealix("run", "--step", "dedupe")
    assert companies(other) == companies(built_graph)


def row_id(lake, company_name: str) -> str:
    return lake.value(
        "select 'acc_' || left(sha256(import_id || ':' || row_number), 16) from normalised.lead_rows "
        "where company_name = ? order by row_number limit 1",
        [company_name],
    )


def record(lake, company_name: str) -> str:
    """The first record of the name, as IMPORT:ROW."""
    return lake.value(
        "select import_id || ':' || row_number from normalised.lead_rows where company_name = ? "
        "order by row_number limit 1",
        [company_name],
    )


def decide(lake, left: str, right: str, decision: str, status: int = 0) -> dict:
    return lake.dealix("match", left, right, f"--{decision}", "--reason", "test", status=status)


def test_the_review_band_is_listed_with_its_evidence(built_graph):
    found = {
        frozenset((pair["left_name"], pair["right_name"])): pair
        for pair in built_graph.dealix("matches", "--max", "1000")["pairs"]
    }
    unlike = found[frozenset(("Unlike Alpha", "Different Beta"))]
    assert "phone +966555500001 (unlike_names)" in unlike["evidence"]
    assert "other domain" in unlike["evidence"]
    assert 0 < unlike["score"] < found[frozenset(("Otherphone Foods",))]["score"] <= 1
    # Everybody's mailbox and host are no evidence.
    assert not any("gmail.com" in pair["evidence"] for pair in found.values())
    assert frozenset(("Freemail Alpha", "Freemail Beta")) not in found
    one = built_graph.dealix("matches", "--account", unlike["right_account_id"])
    assert [pair["left_account_id"] for pair in one["pairs"]] == [unlike["left_account_id"]]
    assert "acc_unknown" in built_graph.dealix("matches", "--account", "acc_unknown", status=2)["error"]


def test_a_decision_names_what_exists(built_graph, graph):
    known = row_id(graph, "Decided Alpha")
    assert "acc_unknown" in decide(graph, known, "acc_unknown", "same", status=2)["error"]
    assert (
        "one and the same" in decide(graph, known, record(graph, "Decided Alpha"), "same", status=2)["error"]
    )
    assert "exactly one of --same, --different" in graph.dealix("match", known, known, status=2)["error"]
    assert graph.value("select count(*) from raw.match_decisions") == 0


def test_decisions_and_withdrawals_take_effect_with_the_next_build_and_old_ids_resolve(graph):
    pairs = [
        ("Decided Alpha", "Decided Beta", "different"),
        ("Decided Gamma", "Decided Delta", "same"),
        ("Unlike Alpha", "Different Beta", "same"),
        # Hub Alpha is Hub Beta, Hub Beta is Hub Gamma, but Hub Alpha never is Hub Gamma.
        ("Hub Alpha", "Hub Beta", "same"),
        ("Hub Beta", "Hub Gamma", "same"),
        ("Hub Alpha", "Hub Gamma", "different"),
    ]
    names = {name for left, right, _ in pairs for name in (left, right)}
    ids = {name: row_id(graph, name) for name in names}
    before = dict(graph.sql("select alias_id, account_id from graph.account_aliases"))
    withdrawn = row_id(graph, "Spelling Trading")
    disputed = dict(
        graph.sql(
            "select row_number, 'acc_' || left(sha256(import_id || ':' || row_number), 16) "
            "from normalised.lead_rows where company_name like 'Disputed%'"
        )
    )
    first, second, third = (disputed[row] for row in sorted(disputed))
    for left, right, decision in pairs:
        answer = decide(graph, ids[left], ids[right], decision)
    assert "they are two accounts already" in answer["effect"]
    # A record within an account, by its import and row.
    south = record(graph, "Disputed South")
    assert (
        "become two accounts" in decide(graph, record(graph, "Disputed North"), south, "different")["effect"]
    )
    graph.dealix("suppress", "--account", ids["Different Beta"], "--reason", "test")
    graph.dealix(
        "withdraw",
        graph.value("select import_id from raw.raw_lead_imports where source_name = 'more'"),
        "--reason", "test", "--yes",
    )  # fmt: skip
    assert before[ids["Decided Alpha"]] == before[ids["Decided Beta"]]
    assert before[ids["Decided Gamma"]] != before[ids["Decided Delta"]]

    built = graph.dealix("run")
    assert (built["mode"], built["mode_reason"]) == (
        "full",
        "a list was withdrawn; somebody decided on a match",
    )

    after = dict(graph.sql("select alias_id, account_id from graph.account_aliases"))
    assert after[ids["Decided Alpha"]] != after[ids["Decided Beta"]]
    assert after[ids["Decided Gamma"]] == after[ids["Decided Delta"]]
    assert after[ids["Hub Alpha"]] != after[ids["Hub Gamma"]]
    assert after[ids["Hub Beta"]] in (after[ids["Hub Alpha"]], after[ids["Hub Gamma"]])
    # The third record stays with the one that has its name.
    assert after[first] == first
    assert after[second] == after[third] == second
    changed = {*ids.values(), *disputed.values()}
    assert withdrawn in after, "its old id still reaches the company that remains"
    assert before.keys() == after.keys()
    assert {k: v for k, v in before.items() if k not in changed} == {
        k: v for k, v in after.items() if k not in changed
    }
    # The opt-out of an account that is part of another now holds for the whole.
    assert after[ids["Different Beta"]] == after[ids["Unlike Alpha"]]
    assert graph.sql(
        "select distinct verdict from compliance.live_verdicts where account_id = ?",
        [after[ids["Unlike Alpha"]]],
    ) == [("blocked",)]
    # Decided pairs have left the review band, also by an id of before.
    assert graph.dealix("matches", "--account", ids["Different Beta"])["pairs"] == []
    merged = graph.dealix("why-merged", ids["Different Beta"])
    assert [edge["key_kind"] for edge in merged["edges"]] == ["decision"]
    assert [item["decision"] for item in merged["decisions"]] == ["same"]
    assert {entry["company_name"] for entry in merged["records"]} == {"Unlike Alpha", "Different Beta"}
    assert {field["win_reason"] for field in merged["fields"]} <= {
        "landed_first_of_equals", "only_record_that_knows_it"
    }  # fmt: skip
    # What the withdrawn list had made stricter is as before.
    assert graph.sql(
        "select source_count, consent_status, risk_level from graph.accounts "
        "where normalized_name = 'spelling trading'"
    ) == [(1, "owned", "low")]
    assert graph.sql(
        "select row_status, account_id, is_withdrawn from normalised.lead_rows "
        "where company_name = 'Spelling Trading'"
    ) == [("accepted", None, True)]


SABOTAGE = {
    "every_landed_row_is_accounted_for": "delete from normalised.lead_rows_parsed where row_number = 3",
    "never_merge_is_respected": (
        "insert into identity.pair_decisions select min(row_account_id), max(row_account_id), 'different', "
        "min(landing_rank), max(landing_rank) from identity.first_clusters "
        "inner join identity.identity_rows using (landing_rank) where cluster_rank = ("
        "select min(cluster_rank) from identity.first_clusters)"
    ),
    "no_edge_joins_two_clusters": (
        "update identity.clusters set account_id = row_account_id "
        "where cluster_rank = (select max(cluster_rank) from identity.first_clusters)"
    ),
    "every_part_has_its_reason": (
        "insert into identity.disputed_records select landing_rank, cluster_rank, null, false "
        "from identity.first_clusters; insert into identity.disputed_parts "
        "select landing_rank, landing_rank from identity.first_clusters "
        "where cluster_rank < (select max(cluster_rank) from identity.first_clusters)"
    ),
    "every_account_is_reachable_from_its_rows": "delete from graph.accounts where city = 'Jeddah'",
    "every_field_of_an_account_has_one_source": (
        "update graph.accounts set email = 'nobody@example.com' where email is not null"
    ),
    "every_synonym_has_one_meaning": "insert into reference.city_synonyms values ('RIYADH', 'Jeddah')",
}


def test_each_dbt_test_of_the_graph_bites(graph):
    # The build of the lake ran them all, and green.
    with duckdb.connect(str(graph.path)) as connection:
        for statement in SABOTAGE.values():
            connection.execute(statement)
    graph.run(
        "test", "--select", *SABOTAGE, "--target-path", str(graph.folder / "target"),
        "--log-path", str(graph.folder / "logs"), "--quiet",
        module="dbt.cli.main",
    )  # fmt: skip
    results = json.loads((graph.folder / "target" / "run_results.json").read_text(encoding="utf-8"))
    failed = {result["unique_id"] for result in results["results"] if result["status"] == "fail"}
    assert {node.split(".")[2] for node in failed} == set(SABOTAGE)
