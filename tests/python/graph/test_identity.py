"""Which records become one company, what decisions and withdrawals change, and that dbt's tests bite."""

import json

import duckdb
import pytest


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


def row_id(lake, company_name: str) -> str:
    return lake.value(
        "select 'acc_' || left(sha256(import_id || ':' || row_number), 16) from normalised.lead_rows "
        "where company_name = ?",
        [company_name],
    )


def test_decisions_and_withdrawals_take_effect_with_the_next_build_and_old_ids_resolve(graph):
    pairs = [
        ("Decided Alpha", "Decided Beta", "different"),
        ("Decided Gamma", "Decided Delta", "same"),
    ]
    ids = {name: row_id(graph, name) for left, right, _ in pairs for name in (left, right)}
    before = dict(graph.sql("select alias_id, account_id from graph.account_aliases"))
    withdrawn = row_id(graph, "Spelling Trading")
    with duckdb.connect(str(graph.path)) as connection:
        for left, right, decision in pairs:
            connection.execute(
                "insert into raw.match_decisions "
                "values (?, ?, ?, ?, 'test', 'Test Operator', now()::timestamp)",
                [f"{left}-{right}", ids[left], ids[right], decision],
            )
        connection.execute(
            "insert into raw.import_events select 'w1', import_id, 'withdrawn', 'test', 'Test Operator', "
            "now()::timestamp from raw.raw_lead_imports where source_name = 'more'"
        )
    assert before[ids["Decided Alpha"]] == before[ids["Decided Beta"]]
    assert before[ids["Decided Gamma"]] != before[ids["Decided Delta"]]

    graph.dealix("run")

    after = dict(graph.sql("select alias_id, account_id from graph.account_aliases"))
    assert after[ids["Decided Alpha"]] != after[ids["Decided Beta"]]
    assert after[ids["Decided Gamma"]] == after[ids["Decided Delta"]]
    changed = {*ids.values()}
    assert withdrawn in after, "its old id still reaches the company that remains"
    assert before.keys() == after.keys()
    assert {k: v for k, v in before.items() if k not in changed} == {
        k: v for k, v in after.items() if k not in changed
    }
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
    "every_landed_row_is_accounted_for": "delete from normalised.lead_rows where row_number = 3",
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
    "every_account_is_reachable_from_its_rows": "delete from graph.accounts where city = 'Jeddah'",
    "every_field_of_an_account_has_one_source": (
        "update graph.account_sources set is_winner = (field <> 'email')"
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
