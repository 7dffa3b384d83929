{# The id of the contact that an account's own site makes of a mailbox or number; under an older id of the account, its older id. #}
{% macro site_contact_id(account_id, kind, value) -%}
'con_' || left(
    {{ sha256_hex("'site|' || " ~ account_id ~ " || '|' || " ~ kind ~ " || '|' || " ~ value) }}, 16
)
{%- endmacro %}
