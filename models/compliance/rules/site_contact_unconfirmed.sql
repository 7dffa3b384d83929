-- One row per contact that only a site published and of which it is not sure that it is the company's:
-- another site, another's domain, a number in a text, or one that another company has as well.
with points as (

    select * from {{ ref('site_contact_points') }}

),

identifiers as (

    select * from {{ ref('contact_identifiers') }}

),

subjects as (

    select
        points.account_id,
        points.contact_id,
        points.doubt,
        points.hash,
        points.source_url
    from points
    inner join {{ ref('gate_subjects') }} as subjects
        on points.contact_id = subjects.contact_id

),

-- The mailbox of whoever built the site, or the number of a call centre.
of_others as (

    select subjects.contact_id
    from subjects
    inner join identifiers
        on subjects.hash = identifiers.hash
    where identifiers.account_id <> subjects.account_id

    union

    select subjects.contact_id
    from subjects
    inner join points
        on subjects.hash = points.hash
    where points.account_id <> subjects.account_id

),

final as (

    select
        'site_contact_unconfirmed' as rule_id,
        subjects.account_id,
        subjects.contact_id,
        cast(null as {{ dbt.type_string() }}) as channel,
        concat_ws(
            ', ',
            nullif(coalesce(subjects.doubt, 'not known whether it is the company''s'), ''),
            case
                when subjects.hash is null then 'cannot be compared with what other companies have'
            end,
            case when of_others.contact_id is not null then 'another company has it as well' end
        ) as evidence,
        subjects.source_url as source_ref
    from subjects
    left join of_others
        on subjects.contact_id = of_others.contact_id
    where
        subjects.doubt is distinct from ''
        or subjects.hash is null
        or of_others.contact_id is not null

)

select * from final
