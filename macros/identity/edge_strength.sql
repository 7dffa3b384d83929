{#
  How strongly an edge links two records, 0 the strongest: a person's decision, then the kind of
  key, and among edges of one kind the names.
#}
{% macro edge_strength(key_kind, likeness) -%}
case {{ key_kind }}
    when 'decision' then 0
    when 'national_number' then 10
    when 'cr_number' then 10
    when 'vat_number' then 10
    when 'place_id' then 20
    when 'phone_domain' then 30
    when 'domain' then 40
    when 'site' then 40
    when 'email' then 40
    when 'phone' then 50
    else 60
end + case when {{ likeness }} >= 1 then 0 when {{ likeness }} >= 0.6 then 1 else 2 end
{%- endmacro %}
