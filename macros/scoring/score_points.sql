{#
  in_scope: a condition on account_id.
  One row per account and component that gave it points (or took some), with what they were given for.
  A macro, as an incremental build asks for few accounts and no engine brings that question through
  the union.
#}
{% macro score_points(in_scope='true') %}
with accounts as (

    select * from {{ ref('accounts') }}
    where {{ in_scope }}

),

weights as (

    select * from {{ ref('score_weights') }}

),

sectors as (

    select
        sector,
        value_class
    from {{ ref('sectors') }}

),

permitting as (

    select allowed_use
    from {{ ref('allowed_uses') }}
    where permits_outreach

),

-- A home page that was found and answered is a website, whatever the lists say.
found_sites as (

    select
        account_id,
        min(final_url) as found_site
    from {{ ref('site_pages') }}
    where page_kind = 'home' and {{ in_scope }}
    group by account_id

),

-- So is what the company's own site publishes.
published as (

    select
        account_id,
        max(value) filter (where kind = 'email') as published_email,
        max(value) filter (where kind = 'phone') as published_phone
    from {{ ref('site_contact_points') }}
    where contact_id is not null and {{ in_scope }}
    group by account_id

),

facts as (

    select
        accounts.*,
        found_sites.found_site,
        coalesce(accounts.email, published.published_email) as any_email,
        coalesce(accounts.phone_e164, published.published_phone) as any_phone,
        lower(coalesce(sectors.value_class, 'other')) as value_class,
        coalesce(accounts.allowed_use in (select permitting.allowed_use from permitting), false)
            as is_use_permitted,
        case
            when accounts.employee_count >= 250 then 'enterprise'
            when accounts.employee_count >= 50 then 'mid'
            when accounts.employee_count >= 1 then 'small'
            else 'unknown'
        end as size_class
    from accounts
    left join sectors
        on accounts.sector = sectors.sector
    left join found_sites
        on accounts.account_id = found_sites.account_id
    left join published
        on accounts.account_id = published.account_id

),

signals as (

    select * from {{ ref('signals') }}
    where {{ in_scope }}

),

-- The same signal from two lists is one signal.
distinct_signals as (

    select
        signals.account_id,
        signals.signal_type,
        lower(trim(signals.signal_value)) as signal_value,
        max(least(greatest(signals.confidence, 0), 1)) as confidence
    from signals
    group by signals.account_id, signals.signal_type, lower(trim(signals.signal_value))

),

intent_signals as (

    select
        distinct_signals.account_id,
        cast(floor(least(
            sum(score_signals.points * distinct_signals.confidence),
            max(weights.max_points)
        )) as integer) as points,
        -- A sorted array and not an ordered aggregate, which is many times slower over small groups.
        {{ array_text(array_sorted(
            "array_agg(distinct_signals.signal_type || coalesce(': ' || distinct_signals.signal_value, ''))"
        ), ', ') }} as evidence
    from distinct_signals
    inner join {{ ref('score_signals') }} as score_signals
        on distinct_signals.signal_type = score_signals.signal_type
    inner join weights
        on weights.component = 'intent_signals'
    group by distinct_signals.account_id

),

technologies as (

    select
        distinct_signals.account_id,
        {{ text_agg('known.technology', ', ', 'known.technology') }} as named,
        bool_or(known.has_group_points) as has_group_points,
        bool_or(known.has_named_points) as has_named_points
    from distinct_signals
    inner join {{ ref('score_technologies') }} as known
        on distinct_signals.signal_value = known.technology
    where distinct_signals.signal_type = 'technology'
    group by distinct_signals.account_id

),

any_signals as (

    select
        account_id,
        count(*) as signal_count
    from distinct_signals
    group by account_id

),

{#- What each component looks at: (component, condition, evidence, filter). #}
{% set any = "'any'" %}
{% set site = 'coalesce(domain, website, found_site)' %}
{% set size_evidence = "coalesce('employees: ' || employee_count, 'size not known')" %}
{% set risk_evidence = "'risk level: ' || coalesce(risk_level, 'not known')" %}
{% set use_evidence = "'allowed use: ' || coalesce(allowed_use, 'not known')" %}
{% set is_use_unknown = "coalesce(nullif(trim(allowed_use), ''), 'unknown') = 'unknown'" %}
{% set phone_evidence = "'phone' || case when phone_e164 is null then ' on its site' else '' end" %}
{% set email_evidence = "'email' || case when email is null then ' on its site' else '' end" %}
{% set looks = [
    ('fit_sector', 'value_class', "coalesce('sector: ' || sector, 'sector not known')", 'true'),
    ('fit_country', 'upper(country)', "'country: ' || country", 'country is not null'),
    ('fit_city', 'lower(city)', "'city: ' || city", 'city is not null'),
    ('access_phone', any, phone_evidence, 'any_phone is not null'),
    ('access_email', any, email_evidence, 'any_email is not null'),
    ('access_website', any, "'website: ' || " ~ site, site ~ ' is not null'),
    ('access_place', any, "'place id'", 'google_place_id is not null'),
    ('revenue_size', 'size_class', size_evidence, 'true'),
    ('risk_level', "coalesce(risk_level, 'unknown')", risk_evidence, 'true'),
    ('risk_allowed_use', "'missing'", use_evidence, 'not is_use_permitted'),
    ('quality_domain', any, "'domain: ' || domain", 'domain is not null'),
    ('quality_website', any, "'website'", 'website is not null'),
    ('quality_city', any, "'city: ' || city", 'city is not null'),
    ('quality_sector', any, "'sector: ' || sector", 'sector is not null'),
    ('quality_source', any, "'sources: ' || source_count", 'coalesce(source_count, 0) > 0'),
    ('quality_contact', any, "'email or phone'", 'coalesce(any_email, any_phone) is not null'),
    ('quality_both_contacts', any, "'both'", 'any_email is not null and any_phone is not null'),
    ('quality_place', any, "'place id'", 'google_place_id is not null'),
    ('quality_two_sources', any, "'sources: ' || source_count", 'source_count >= 2'),
    ('quality_allowed_use', any, use_evidence, 'is_use_permitted'),
    ('quality_risk', any, risk_evidence, "risk_level in ('low', 'medium')"),
    ('quality_no_source', any, "'no source'", 'coalesce(source_count, 0) = 0'),
    ('quality_no_allowed_use', any, use_evidence, is_use_unknown),
    ('quality_opt_out', any, "'opted out'", 'coalesce(opt_out, true)'),
    ('quality_high_risk', any, risk_evidence, "risk_level = 'high'"),
] %}

looked_at as (

    {% for component, condition, evidence, filter in looks %}
    select
        account_id,
        '{{ component }}' as component,
        {{ condition }} as condition,
        {{ evidence }} as evidence
    from facts
    where {{ filter }}

    union all
    {% endfor %}
    select
        account_id,
        'quality_signals' as component,
        'any' as condition,
        'signals: ' || signal_count as evidence
    from any_signals

    union all

    select
        account_id,
        'intent_technology_group' as component,
        'any' as condition,
        'uses ' || named as evidence
    from technologies
    where has_group_points

    union all

    select
        account_id,
        'intent_technology_named' as component,
        'any' as condition,
        'uses ' || named as evidence
    from technologies
    where has_named_points

),

weighed as (

    select
        looked_at.account_id,
        looked_at.component,
        weights.dimension,
        looked_at.evidence,
        weights.points,
        weights.max_points
    from looked_at
    inner join weights
        on
            looked_at.component = weights.component
            and looked_at.condition = weights.condition

    union all

    select
        intent_signals.account_id,
        weights.component,
        weights.dimension,
        intent_signals.evidence,
        intent_signals.points,
        weights.max_points
    from intent_signals
    inner join weights
        on weights.component = 'intent_signals'
    where intent_signals.points > 0

),

-- Deductions never take data quality below 0; the row that evens it out keeps the sum of the
-- rows the score.
below_zero as (

    select
        account_id,
        'quality_not_below_zero' as component,
        'data_quality' as dimension,
        'deductions count down to 0' as evidence,
        cast(-sum(points) as integer) as points,
        0 as max_points
    from weighed
    where dimension = 'data_quality'
    group by account_id
    having sum(points) < 0

),

final as (

    select * from weighed
    union all
    select * from below_zero

)

select * from final
{% endmacro %}
