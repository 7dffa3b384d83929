"""A build that only adds new imports makes exactly what a full build makes of the same facts."""

import duckdb
from lake import Lake, write_csv

from benchmarks.build_speed import NOT_COMPARED

HEADER = (
    "Company Name,Contact Name,Email,Phone,Second Phone,Website,City,Industry,Technologies,Place ID,Opt Out"
)

FIRST = (
    # Bridges two companies that are built apart.
    "Twocity Foods,,,0112345007,0122345007,,,,,,",
    # Repeats an old record word for word.
    "Spelling Trading Co.,,,0112345001,,,Riyadh,,,,",
    # New branches of an old company, with a person and a technology.
    "Branch Clinics Dammam,Person Three,info@branch-clinics.sa,0132345014,,,Dammam,Dental clinic,Salla,ChIJbranch003,",
    "Branch Clinics Abha,,,0172345014,,https://branch-clinics.sa/abha,Abha,Hospital,,ChIJbranch004,",
    # An opt-out that reaches two old companies by the freemail box they share, and neither is touched otherwise.
    "Somebody Else,,shared.mailbox@gmail.com,0172345099,,,Tabuk,,,,yes",
    # A rejected record with an opt-out names an old company by its domain alone.
    "-,,,,,https://namesake-one.sa,,,,,yes",
    # A firm and its brand: two unlike names at a domain that says one of them.
    "Sharedbrand Clinics,,info@sharedbrand.sa,0112345701,,sharedbrand.sa,Riyadh,,,,",
    "Zulu Catering,,,0112345702,,sharedbrand.sa,Jeddah,,,,",
    # Two unlike names at a number and a domain of their own.
    "Whiskey Motors,,,0112345705,,twonames.sa,Riyadh,,,,",
    "Victor Carpets,,,0112345705,,twonames.sa,Riyadh,,,,",
    # A cell of an old record, which is another number in the Emirates.
    "Emirati Motors,,,0555500001,,,Dubai,,,,",
    # New companies, a new city and sector that nobody knows, an unreadable number.
    "Newcomer Foods,,sales@newcomer-foods.sa,0112345601,,,Nowhere Town,Unheard of trade,,,",
    "Newcomer Steel,,,12,,,Riyadh,,,,",
)
SECOND = (
    # More unlike names at the domain: it becomes a hub, and what it had merged falls apart.
    "Yankee Steel,,,0112345703,,sharedbrand.sa,Dammam,,,,",
    "Xray Motors,,,0112345704,,sharedbrand.sa,Abha,,,,",
    # A third name at the domain alone: it says no more than the number that two others have.
    "Uniform Steel,,,0112345706,,twonames.sa,Abha,,,,",
    # Ties the ends of a chain of a thousand records together.
    "Chain Link 0 Trading,,,0550000000,0551000000,,,,,,",
    # Is like an old name and shares no key with it.
    "Spellings Trading,,,0112345602,,,Riyadh,,,,",
    # Repeats a record of the import before.
    "Newcomer Foods,,sales@newcomer-foods.sa,0112345601,,,Nowhere Town,Unheard of trade,,,",
)
PUBLIC_VIEWS = (
    "normalised.lead_rows",
    "scoring.score_components",
    "compliance.live_verdicts",
    "outreach.outreach_candidates",
    "reporting.import_report",
    "graph.account_aliases",
    "graph.contact_aliases",
    "graph.account_sources",
    "identity.match_candidates",
)


def differences(one: Lake, other: Lake) -> dict[str, int]:
    """Relation -> rows that only one of two lakes has: every derived table, and the views that people read.

    Not of the tables that say what a build did, nor of the likenesses of names that nobody compares any more.
    """
    found = {}
    with duckdb.connect() as connection:
        for name, lake in (("one", one), ("other", other)):
            connection.execute(f"attach '{lake.path}' as {name} (read_only)")
        tables = connection.execute(
            """
            select distinct schema_name || '.' || table_name from duckdb_tables()
            where database_name in ('one', 'other') and schema_name not in ('raw', 'main')
                and not list_contains(?, table_name)
            """,
            [list(NOT_COMPARED)],
        ).fetchall()
        assert len(tables) > 50
        for (relation,) in tables:
            columns = ", ".join(
                f'"{name}"' for name, *_ in connection.execute(f"describe one.{relation}").fetchall()
            )
            found[relation] = sum(
                connection.execute(
                    f"select count(*) from (select {columns} from {left}.{relation}"
                    f" except all select {columns} from {right}.{relation})"
                ).fetchone()[0]
                for left, right in (("one", "other"), ("other", "one"))
            )
    # A view names its own file, so that each lake is asked by itself.
    for view in PUBLIC_VIEWS:
        rows = [set(map(repr, lake.sql(f"select * from {view}"))) for lake in (one, other)]
        assert rows[0]
        found[view] = len(rows[0] ^ rows[1])
    return {relation: count for relation, count in found.items() if count}


def rebuilt(lake: Lake, folder) -> Lake:
    """A copy of the lake of which everything is made anew."""
    copy = lake.copy_to(folder)
    done = copy.run(
        "run", "--full-refresh", "--profiles-dir", ".",
        "--target-path", str(copy.folder / "target"), "--log-path", str(copy.folder),
        module="dbt.cli.main",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


def accounts_of(lake: Lake, name: str) -> set[str]:
    return {
        account
        for (account,) in lake.sql(
            "select account_id from normalised.lead_rows where company_name = ? and account_id is not null",
            [name],
        )
    }


def test_an_incremental_build_equals_a_full_one(graph, tmp_path):
    assert len(accounts_of(graph, "Twocity Foods")) == 2

    # The first: an import, and an opt-out that only the gate's views read.
    graph.dealix("suppress", "--phone", "0112345601", "--reason", "asked")
    graph.dealix("suppress", "--phone", "0112345003", "--reason", "asked")
    graph.import_list(write_csv(tmp_path / "first.csv", HEADER, *FIRST), "first")
    built = graph.dealix("run")
    assert (built["mode"], built["mode_reason"]) == ("incremental", "1 new import")
    assert len(accounts_of(graph, "Twocity Foods")) == 1
    assert accounts_of(graph, "Zulu Catering") == accounts_of(graph, "Sharedbrand Clinics")
    assert accounts_of(graph, "Whiskey Motors") == accounts_of(graph, "Victor Carpets")
    emirati = "select phone_e164 from normalised.lead_rows where company_name = 'Emirati Motors'"
    assert graph.value(emirati) == "+971555500001"

    # The second: one of the opt-outs is taken back, and a key becomes a hub.
    with duckdb.connect(str(graph.path)) as connection:
        connection.execute(
            """
            insert into raw.suppression_events
            select * replace ('release-1' as event_id, 'release' as event, occurred_at + interval 1 second as occurred_at)
            from raw.suppression_events where occurred_at = (select max(occurred_at) from raw.suppression_events)
            """
        )
    graph.import_list(write_csv(tmp_path / "second.csv", HEADER, *SECOND), "second")
    built = graph.dealix("run")
    assert (built["mode"], built["mode_reason"]) == ("incremental", "1 new import")
    assert accounts_of(graph, "Zulu Catering") != accounts_of(graph, "Sharedbrand Clinics")
    assert accounts_of(graph, "Whiskey Motors") != accounts_of(graph, "Victor Carpets")
    assert differences(graph, rebuilt(graph, tmp_path / "rebuilt")) == {}
