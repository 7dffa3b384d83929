"""`dealix why-merged`: which records an account is made of, and every link that made them one."""

from typing import Any

import click

from python_jobs.command_line import Session, UsageProblem, command
from python_jobs.outreach_events import printable, select_dicts
from python_jobs.warehouse.connection import open_reader


def explain_merge(session: Session, account: str) -> dict[str, Any]:
    """The account's records, edges, decisions of persons, and where each of its fields is from.

    `account` is any id that was ever an account's. Raises UsageProblem for an unknown one.
    """
    with open_reader(session.warehouse, session.say) as connection:
        found = select_dicts(
            connection,
            """
            select accounts.account_id, accounts.company_name, accounts.city
            from graph.account_aliases as aliases
            inner join graph.accounts as accounts on aliases.account_id = accounts.account_id
            where aliases.alias_id = $account
            """,
            {"account": account},
        )
        if not found:
            raise UsageProblem(f"No account has or had the id {account!r}. dealix why NAME finds accounts.")
        values = {"account_id": found[0]["account_id"]}
        records = select_dicts(
            connection,
            """
            select
                rows.import_id || ':' || rows.row_number as record,
                clusters.row_account_id as record_id,
                imports.source_name,
                rows.company_name,
                rows.city,
                rows.phone_e164,
                rows.domain,
                rows.place_id
            from identity.clusters as clusters
            inner join normalised.lead_rows as rows
                on clusters.import_id = rows.import_id and clusters.row_number = rows.row_number
            left join raw.raw_lead_imports as imports on clusters.import_id = imports.import_id
            where clusters.account_id = $account_id
            order by clusters.landing_rank
            """,
            values,
        )
        edges = select_dicts(
            connection,
            """
            select
                key_kind,
                key_value,
                left_import_id || ':' || left_row_number as left_record,
                right_import_id || ':' || right_row_number as right_record,
                name_likeness
            from identity.match_edges
            where account_id = $account_id
            order by key_kind, key_value, left_record, right_record
            """,
            values,
        )
        decisions = select_dicts(
            connection,
            """
            select left_id, right_id, decision, reason, actor, occurred_at
            from raw.match_decisions
            where
                left_id in (select alias_id from graph.account_aliases where account_id = $account_id)
                or right_id in (select alias_id from graph.account_aliases where account_id = $account_id)
            order by occurred_at, event_id
            """,
            values,
        )
        fields = select_dicts(
            connection,
            """
            select field, value, import_id || ':' || row_number as record, win_reason
            from graph.account_sources
            where account_id = $account_id and is_winner
            order by field
            """,
            values,
        )
    return {**found[0], "records": records, "edges": edges, "decisions": decisions, "fields": fields}


def as_text(document: dict[str, Any]) -> str:
    """The explanation for a person."""
    lines = [f"{document['account_id']}: {document['company_name']} ({document['city'] or '-'})"]
    lines.append(f"{len(document['records']):,} record(s):")
    for record in document["records"]:
        known = [record[name] for name in ("city", "phone_e164", "domain", "place_id") if record[name]]
        lines.append(
            f"  {record['record']}  {record['company_name']}  [{record['source_name']}]  " + ", ".join(known)
        )
    if document["edges"]:
        lines.append("One company, because:")
    lines += [
        f"  {edge['left_record']} = {edge['right_record']}: {edge['key_kind']} {edge['key_value']} "
        f"(names {edge['name_likeness']:.2f} alike)"
        for edge in document["edges"]
    ]
    if document["decisions"]:
        lines.append("Decided by persons:")
    lines += [
        f"  {item['left_id']} {item['right_id']}: {item['decision']}, {item['actor']}, "
        f"{item['occurred_at']:%Y-%m-%d %H:%M} UTC" + (f": {item['reason']}" if item["reason"] else "")
        for item in document["decisions"]
    ]
    lines.append("Each field is from:")
    lines += [
        f"  {item['field']}: {item['value']}  <- {item['record']} ({item['win_reason']})"
        for item in document["fields"]
    ]
    return "\n".join(printable(line) for line in lines)


@command("why-merged")
@click.argument("account", metavar="ACCOUNT")
def main(session: Session, account: str) -> int:
    """Show why an account is one company: every source row, link, key and decision, and which row won.

    ACCOUNT is its id of today or of any earlier day.
    """
    document = explain_merge(session, account)
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
