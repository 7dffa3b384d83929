"""`dealix matches`: pairs of accounts that may be one company, for a person to decide."""

from typing import Any

import click

from python_jobs.command_line import Session, UsageProblem, command
from python_jobs.outreach_events import printable, select_dicts
from python_jobs.warehouse.connection import open_reader


def list_matches(session: Session, account: str | None, most: int) -> dict[str, Any]:
    """The review band as of the last build, best first: at most `most` pairs, and how many there are.

    `account` (any id that was ever an account's) keeps only its pairs. Raises UsageProblem for an
    unknown one.
    """
    with open_reader(session.warehouse, session.say) as connection:
        account_id = None
        if account is not None:
            found = connection.execute(
                "select account_id from graph.account_aliases where alias_id = ?", [account]
            ).fetchone()
            if found is None:
                raise UsageProblem(f"No account has or had the id {account!r}. Look it up: dealix why NAME")
            account_id = found[0]
        values = {"account_id": account_id}
        only = "$account_id is null or $account_id in (left_account_id, right_account_id)"
        total = connection.execute(
            f"select count(*) from identity.match_candidates where {only}", values
        ).fetchone()[0]
        pairs = select_dicts(
            connection,
            f"""
            select
                candidates.left_account_id,
                candidates.right_account_id,
                candidates.score,
                candidates.evidence,
                left_accounts.company_name as left_name,
                left_accounts.city as left_city,
                right_accounts.company_name as right_name,
                right_accounts.city as right_city
            from identity.match_candidates as candidates
            left join graph.accounts as left_accounts
                on candidates.left_account_id = left_accounts.account_id
            left join graph.accounts as right_accounts
                on candidates.right_account_id = right_accounts.account_id
            where {only}
            order by candidates.score desc, candidates.candidate_id
            limit $most
            """,
            {**values, "most": most},
        )
    return {"account_id": account_id, "total": total, "pairs": pairs}


def as_text(document: dict[str, Any]) -> str:
    """The pairs for a person."""
    if not document["pairs"]:
        return "No pair waits for a decision."
    lines = []
    for pair in document["pairs"]:
        lines += [
            f"{pair['score']:.2f}  {pair['left_account_id']} {pair['right_account_id']}",
            printable(
                f"      {pair['left_name']} ({pair['left_city'] or '-'})  =?  "
                f"{pair['right_name']} ({pair['right_city'] or '-'})"
            ),
            printable(f"      {pair['evidence']}"),
        ]
    lines += [
        f"{len(document['pairs']):,} of {document['total']:,} pairs.",
        "Decide: dealix match ID ID --same (or --different) --by NAME",
    ]
    return "\n".join(lines)


@command("matches")
@click.option("--max", "most", default=25, show_default=True, type=click.IntRange(1), help="At most so many.")
@click.option("--account", metavar="ID", help="Only pairs of this account; an old id will do.")
def main(session: Session, most: int, account: str | None) -> int:
    """List pairs of accounts that are likely, but not certainly, one company, best first.

    Nothing merges by the score (0 to 1): a person decides, with `dealix match`. A decided pair
    leaves the list with the next `dealix run`.
    """
    document = list_matches(session, account, most)
    session.answer(document, as_text(document))
    return 0


if __name__ == "__main__":
    main()
