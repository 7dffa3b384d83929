"""Registrable domains in SQL, by the public suffix list that tldextract carries."""

import duckdb

from python_jobs.landing.domains import EXAMPLE_SUFFIX, NOT_PUBLIC, other_names, public_suffixes

LABELS_AT_MOST = 6


def collect_host_domains(connection: duckdb.DuckDBPyConnection, hosts: str) -> None:
    """Make temp.host_domains (host, registrable_domain, service_domain) of the hosts of a SELECT.

    `service_domain` is the one name of a service that answers by several (facebook.com for fb.com).
    A host is left out when the parser has to judge it: under a wildcard rule, unknown or reserved
    endings, internationalised labels, a public suffix by itself.
    """
    suffixes = [suffix for suffix in public_suffixes() if suffix.isascii()]
    wildcards = [suffix[2:] for suffix in suffixes if suffix.startswith("*.")]
    plain = [suffix for suffix in suffixes if suffix[0] not in "*!"]
    connection.execute(
        """
        create or replace temp table public_suffixes as
        select unnest($plain) as suffix, false as is_wildcard
        union all
        select unnest($wildcards) as suffix, true as is_wildcard
        """,
        {"plain": plain, "wildcards": wildcards},
    )
    connection.execute(
        f"""
        create or replace temp table host_domains as
        with hosts as (
            select host, string_split(host, '.') as labels
            from ({hosts}) as found (host)
        ),
        plain_hosts as (
            select *
            from hosts
            where
                len(labels) between 2 and {LABELS_AT_MOST}
                and length(host) <= 253
                and not contains(host, 'xn--')
                and labels[-1] not in (select unnest($reserved))
                and not list_bool_or(list_transform(labels, lambda label: length(label) > 63))
        ),
        tails as (
            select host, labels, unnest(range(1, len(labels) + 1)) as depth
            from plain_hosts
        ),
        matches as (
            select
                tails.host,
                any_value(tails.labels) as labels,
                max(tails.depth) filter (where not public_suffixes.is_wildcard) as depth,
                bool_or(public_suffixes.is_wildcard) as has_wildcard
            from tails
            inner join public_suffixes
                on array_to_string(tails.labels[-tails.depth:], '.') = public_suffixes.suffix
            group by tails.host
        )
        select
            matches.host,
            array_to_string(labels[-(depth + 1):], '.') as registrable_domain,
            coalesce(names.one_name, registrable_domain) as service_domain
        from matches
        left join (select unnest($other_names) as other_name, unnest($one_names) as one_name) as names
            on array_to_string(labels[-(depth + 1):], '.') = names.other_name
        where depth < len(labels) and not has_wildcard
        """,
        {
            "reserved": sorted({*NOT_PUBLIC, EXAMPLE_SUFFIX}),
            "other_names": list(other_names()),
            "one_names": list(other_names().values()),
        },
    )
    connection.execute("drop table temp.public_suffixes")
