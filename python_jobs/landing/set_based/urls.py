"""Plain web addresses in SQL."""

from python_jobs.landing.text_cleaning import PLACEHOLDERS

_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ADDRESS = f"(?i)^(?:(https?)://)?((?:{_LABEL}[.])+[a-z]{{2,}})((?:/[a-z0-9._-]*)*)(?:[?]([a-z0-9_=&.-]*))?$"

# A final dot is punctuation and not part of the address.
PARTS = f"""
    case
        when contains(value, '.') and length(value) <= 1000 and not ends_with(value, '.')
            then regexp_extract(value, '{_ADDRESS}', ['scheme', 'host', 'path', 'query'])
    end
"""

# Without a letter there is no top-level domain; without a dot (or what is read as one) no domain.
NEVER_VALID = """(
    coalesce(
        email_parts is not null
        or not regexp_matches(plain, '[A-Za-z]')
        or not regexp_matches(plain, '(?i)[.%]|www *,'),
        false
    )
)"""


def accepted(source: str) -> str:
    """A SELECT of the parser's columns: the values of `source` (value, url_parts) that are one address."""
    placeholders = ", ".join(f"'{word}'" for word in sorted(PLACEHOLDERS) if word.isascii())
    return f"""
        with hosts as materialized (
            select
                host as written_host,
                left(host, length(host) - length(registrable_domain)) || service_domain as full_host,
                service_domain
            from temp.host_domains
        )
        select
            cells.value,
            coalesce(nullif(lower(url_parts.scheme), ''), 'https') || '://' || hosts.full_host
            || case when url_parts.path = '' then '/' else url_parts.path end
            || case when url_parts.query = '' then '' else '?' || url_parts.query end as url,
            case
                when hosts.full_host <> hosts.service_domain
                    then regexp_replace(hosts.full_host, '^www[.]', '')
                else hosts.full_host
            end as host,
            nullif(lower(regexp_extract(url_parts.path, '[^/]+')), '') as first_path_segment,
            hosts.service_domain as registrable_domain
        from {source} as cells
        inner join hosts
            on lower(cells.url_parts.host) = hosts.written_host
        where
            hosts.written_host <> 'p.o.box'
            and not contains(lower(url_parts.path), '/www.')
            and lower(regexp_replace(cells.value, '[^A-Za-z0-9]', '', 'g')) not in ({placeholders})
    """
