"""Names of the customers we prepare outreach for: the same name whoever writes it, however it is spelt."""

import duckdb

from python_jobs.command_line import UsageProblem
from python_jobs.landing.folding import fold_words
from python_jobs.landing.text_cleaning import clean_marks

# Begins the scope of an opt-out that is for one customer; the name follows.
CUSTOMER_SCOPE = "customer:"


def named_customers(connection: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """Every customer ever named, the first one first -> whether anything but an opt-out names it."""
    found = connection.execute(
        """
        select customer, bool_or(is_ours) from (
            select customer, true as is_ours, recorded_at as named_at from raw.customers
            union all
            select customer, true, imported_at from raw.raw_lead_imports
            union all
            select customer, true, occurred_at from raw.outreach_events where event = 'queued'
            union all
            select substr(scope, length($prefix) + 1), false, occurred_at from raw.suppression_events
            where starts_with(scope, $prefix)
        )
        where customer is not null
        group by customer
        order by min(named_at), customer
        """,
        {"prefix": CUSTOMER_SCOPE},
    ).fetchall()
    return dict(found)


def customer_as_named(connection: duckdb.DuckDBPyConnection, given: str) -> str:
    """The name as it was said first, though case, spaces, marks or letter forms differ; else as given.

    SQL compares names letter by letter: under another spelling an opt-out for a customer would not count
    in that customer's queue. Raises UsageProblem for a blank name.
    """
    name = " ".join(clean_marks(given).split())
    if not name:
        raise UsageProblem("A customer needs a name.")
    named = named_customers(connection)
    words = fold_words(name)
    same = [customer for customer in named if words and fold_words(customer) == words]
    return name if name in named or not same else same[0]
