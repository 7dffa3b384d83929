"""Plain web addresses in SQL."""

from python_jobs.landing.text_cleaning import PLACEHOLDERS

_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ADDRESS = f"(?i)^(?:(https?)://)?((?:{_LABEL}[.])+[a-z]{{2,}})((?:/[a-z0-9._-]*)*)(?:[?]([a-z0-9_=&.-]*))?$"

# A final dot is punctuation and not part of the address.
PARTS = f"""
    case
        when
            contains(value, '.')
            and not contains(value, '@')
            and not ends_with(value, '.')
            and length(value) <= 1000
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
    """A SELECT of the parser's columns for the values of `source` (value, url_parts).

    They are NULL where something else stands than one address about which nothing is doubtful.
    """
    placeholders = ", ".join(f"'{word}'" for word in sorted(PLACEHOLDERS) if word.isascii())
    return f"""
        with hosts as materialized (
            select
                host as written_host,
                left(host, length(host) - length(registrable_domain)) || service_domain as full_host,
                service_domain
            from temp.host_domains
        ),
        plain as (
            select
                cells.value,
                cells.url_parts,
                case
                    when
                        hosts.written_host <> 'p.o.box'
                        and not contains(lower(url_parts.path), '/www.')
                        and lower(regexp_replace(cells.value, '[^A-Za-z0-9]', '', 'g'))
                        not in ({placeholders})
                        then hosts.full_host
                end as full_host,
                hosts.service_domain
            from {source} as cells
            left join hosts
                on lower(cells.url_parts.host) = hosts.written_host
        )
        select
            value,
            coalesce(nullif(lower(url_parts.scheme), ''), 'https') || '://' || full_host
            || case when url_parts.path = '' then '/' else url_parts.path end
            || case when url_parts.query = '' then '' else '?' || url_parts.query end as url,
            case
                when full_host <> service_domain then regexp_replace(full_host, '^www[.]', '')
                else full_host
            end as host,
            case
                when full_host is not null
                    then nullif(lower(regexp_extract(url_parts.path, '[^/]+')), '')
            end as first_path_segment,
            case when full_host is not null then service_domain end as registrable_domain
        from plain
    """
