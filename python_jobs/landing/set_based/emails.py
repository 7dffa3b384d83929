"""Plain email addresses in SQL."""

import duckdb
from email_validator import SPECIAL_USE_DOMAIN_NAMES

from python_jobs.landing.parse_emails import (
    FILLERS,
    TEMPLATE_DOMAINS,
    disposable_domains,
    free_mail_list,
)

# Only what every rule of the grammar allows; a label with hyphens in third and fourth place is reserved.
_LOCAL = "[a-z0-9_+-]+([.][a-z0-9_+-]+)*"
_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_ADDRESS = f"{_LOCAL}@({_LABEL}[.])+[a-z]{{2,}}"

PARTS = f"""
    case
        when
            contains(value, '@')
            and length(value) <= 250
            and regexp_full_match(lower(value), '{_ADDRESS}')
            and strpos(value, '@') <= 65
            and not regexp_matches(value, '[@.]..--')
            then lower(value)
    end
"""

# The sign itself, its full-width form, or as an address of the web encodes it.
NEVER_VALID = "(not regexp_matches(value, '[@\uff20]|%40'))"


def make_lists(connection: duckdb.DuckDBPyConnection) -> None:
    """Make temp.mail_lists (domain, is_free_mail, is_disposable)."""
    connection.execute(
        """
        create or replace temp table mail_lists as
        select
            coalesce(free.domain, disposable.domain) as domain,
            free.domain is not null as is_free_mail,
            disposable.domain is not null as is_disposable
        from (select distinct unnest($free) as domain) as free
        full join (select distinct unnest($disposable) as domain) as disposable
            on free.domain = disposable.domain
        """,
        {"free": sorted(free_mail_list()), "disposable": sorted(disposable_domains)},
    )


def drop_lists(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("drop table temp.mail_lists")


def accepted(source: str) -> str:
    """A SELECT of the parser's columns for the values of `source` (value, email_parts).

    They are NULL where something else stands than one address about which nothing is doubtful.
    """
    reserved = " and ".join(
        f"not ends_with('.' || host_domains.host, '.{name}')" for name in SPECIAL_USE_DOMAIN_NAMES
    )
    templates = ", ".join(f"'{domain}'" for domain in sorted(TEMPLATE_DOMAINS))
    fillers = ", ".join(f"'{filler}'" for filler in sorted(FILLERS))
    return f"""
        with addresses as (
            select
                value,
                email_parts as email,
                split_part(email_parts, '@', 1) as local_part,
                split_part(email_parts, '@', 2) as email_domain
            from {source}
        ),
        plain as (
            select
                addresses.*,
                host_domains.registrable_domain,
                coalesce(by_host.is_free_mail, false) or coalesce(by_domain.is_free_mail, false)
                    as is_free_mail,
                coalesce(by_host.is_disposable, false) or coalesce(by_domain.is_disposable, false)
                    as is_disposable,
                host_domains.host is not null
                and {reserved}
                and addresses.email_domain not in ({templates})
                and addresses.local_part not in ({fillers}) as is_plain
            from addresses
            left join temp.host_domains
                on addresses.email_domain = host_domains.host
            left join temp.mail_lists as by_host
                on addresses.email_domain = by_host.domain
            left join temp.mail_lists as by_domain
                on host_domains.registrable_domain = by_domain.domain
        )
        select
            value,
            case when is_plain then email end as email,
            case when is_plain then local_part end as local_part,
            case when is_plain then email_domain end as email_domain,
            case when is_plain then registrable_domain end as registrable_domain,
            case when is_plain then is_free_mail end as is_free_mail,
            case when is_plain then is_disposable end as is_disposable
        from plain
    """
