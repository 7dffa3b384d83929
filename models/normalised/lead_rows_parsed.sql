-- One row per landed record: everything that is known of it before it meets other records.
{{ config(materialized='incremental', incremental_strategy='append') }}
with fields as (

    select * from {{ ref('lead_row_fields') }}
    where {{ only_new_imports() }}

),

imports as (

    select * from {{ ref('stg_lead_imports') }}

),

withdrawn_imports as (

    select
        import_id,
        max_by(event, occurred_at) = 'withdrawn' as is_withdrawn
    from {{ ref('stg_import_events') }}
    group by import_id

),

names as (

    select * from {{ ref('company_names') }}

),

form_names as (

    select * from {{ ref('company_names') }}
    where company_name in (
        select written.legal_form from {{ ref('lead_row_fields') }} as written
        where {{ only_new_imports('written.import_id') }}
    )

),

phones as (
    {{ first_of_records(
        ref('lead_row_phones'), 'phone_number', 'is_valid', ['phone_e164', 'phone_type', 'region']
    ) }}
),

emails as (
    {{ first_of_records(
        ref('lead_row_emails'), 'email_number', 'is_valid', ['email', 'email_kind']
    ) }}
),

business_emails as (
    {{ first_of_records(
        ref('lead_row_emails'), 'email_number', 'is_valid and is_business', ['registrable_domain']
    ) }}
),

own_sites as (
    {{ first_of_records(
        ref('lead_row_domains'), 'domain_number', 'is_valid and own_domain is not null',
        ['own_domain', 'url']
    ) }}
),

shared_sites as (
    {{ first_of_records(
        ref('lead_row_domains'), 'domain_number', 'is_valid and site is not null', ['site', 'url']
    ) }}
),

profile_urls as (

    select
        import_id,
        row_number,
        raw_value
    from {{ ref('stg_lead_row_values') }}
    where field = 'linkedin_url' and {{ only_new_imports() }}

    union all

    select
        import_id,
        row_number,
        raw_value
    from {{ ref('lead_row_cells') }}
    where field = 'website' and {{ only_new_imports() }}

),

linkedin_rows as (

    select
        import_id,
        row_number
    from profile_urls
    where {{ matches_pattern('lower(raw_value)', 'linkedin[.]com/(in|pub)/') }}
    group by import_id, row_number

),

mapped_values as (

    select * from {{ ref('mapped_values') }}

),

cities as (

    select * from {{ ref('cities') }}

),

regions as (

    select * from {{ ref('regions') }}

),

-- A point in two boxes belongs to the smaller one.
places as (

    select
        fields.import_id,
        fields.row_number,
        {{ to_number('fields.latitude') }} as latitude,
        {{ to_number('fields.longitude') }} as longitude
    -- Not of the CTE above: what is read several times is kept in memory, with all its columns.
    from {{ ref('lead_row_fields') }} as fields
    where
        fields.latitude is not null
        and fields.longitude is not null
        and {{ only_new_imports('fields.import_id') }}

),

points as (

    select * from places
    where
        latitude between -90 and 90
        and longitude between -180 and 180
        and not (latitude = 0 and longitude = 0)

),

boxed as (

    select
        points.import_id,
        points.row_number,
        min_by(boxes.city, (boxes.north - boxes.south) * (boxes.east - boxes.west)) as city
    from points
    inner join {{ ref('city_boxes') }} as boxes
        on
            points.latitude between boxes.south and boxes.north
            and points.longitude between boxes.west and boxes.east
    group by points.import_id, points.row_number

),

joined as (

    select
        fields.import_id,
        fields.row_number,
        fields.row_hash,
        imports.source_name,
        imports.source_type,
        imports.customer,
        imports.country as country_of_import,
        coalesce(
            fields.company_name,
            fields.company_name_ar,
            -- Of a Google list only the place id is kept, so the place names the company for now.
            case when imports.source_type = 'google_maps' then {{ place_name('fields.place_id') }} end
        ) as company_name,
        fields.company_name_ar as given_name_ar,
        coalesce(
            fields.contact_name,
            nullif(concat_ws(' ', fields.contact_first_name, fields.contact_last_name), '')
        ) as contact_name,
        fields.contact_role,
        fields.brand,
        fields.address,
        fields.place_id as given_place_id,
        fields.source_url,
        fields.opening_hours is not null as has_opening_hours,
        {{ digits_of('fields.national_number') }} as national_digits,
        {{ digits_of('fields.cr_number') }} as cr_digits,
        {{ digits_of('fields.vat_number') }} as vat_digits,
        case when not city_values.is_placeholder then fields.city end as city_text,
        city_values.code as mapped_city,
        boxed.city as box_city,
        region_values.code as region_code,
        case when not region_values.is_placeholder then fields.region end as region_text,
        country_values.code as country_code,
        coalesce(
            subsector_values.code,
            sector_values.code,
            case when not subsector_values.is_placeholder then fields.subsector end,
            case when not sector_values.is_placeholder then fields.sector end
        ) as sector,
        fields.sector as sector_text,
        fields.subsector as subsector_text,
        fields.legal_form as legal_form_text,
        phones.phone_e164,
        phones.phone_type,
        phones.region as phone_region,
        emails.email,
        emails.email_kind,
        coalesce(own_sites.own_domain, business_emails.registrable_domain) as domain,
        own_sites.own_domain is not null as is_domain_of_website,
        shared_sites.site,
        coalesce(own_sites.url, shared_sites.url) as website,
        points.latitude,
        points.longitude,
        {{ to_number('fields.employee_count') }} as employee_number,
        fields.last_updated,
        fields.is_empty,
        fields.opt_out,
        coalesce(withdrawn_imports.is_withdrawn, false) as is_withdrawn,
        linkedin_rows.import_id is not null as has_profile_url,
        -- An address at LinkedIn, or its name where a text and no address tells the origin.
        {{ matches_pattern(
            "coalesce(lower(fields.source_url), '')",
            'linkedin[.]|lnkd[.]in|^[^/]*(linked[^a-z]?in|لي?نكي?د)'
        ) }} as is_from_linkedin,
        imports.vendor_last_updated,
        imports.imported_at
    from fields
    left join imports
        on fields.import_id = imports.import_id
    left join withdrawn_imports
        on fields.import_id = withdrawn_imports.import_id
    {% for part in [
        'phones', 'emails', 'business_emails', 'own_sites', 'shared_sites', 'linkedin_rows', 'points', 'boxed'
    ] %}
    left join {{ part }}
        on
            fields.import_id = {{ part }}.import_id
            and fields.row_number = {{ part }}.row_number
    {% endfor %}
    {% for field in ['city', 'region', 'country', 'sector', 'subsector'] %}
    left join mapped_values as {{ field }}_values
        on
            fields.{{ field }} = {{ field }}_values.value_text
            and {{ field }}_values.field = '{{ field }}'
    {% endfor %}

),

located as (

    select
        joined.*,
        coalesce(joined.mapped_city, joined.city_text, joined.box_city) as city,
        case
            when joined.city_text is not null then 'column'
            when joined.box_city is not null then 'coordinates'
        end as city_origin,
        coalesce(joined.region_code, cities.region_code) as found_region_code,
        coalesce(
            joined.country_code,
            regions.country,
            cities.country,
            joined.country_of_import,
            joined.phone_region
        ) as country,
        coalesce(regions.region, joined.region_text) as region,
        coalesce(
            names.normalized_name,
            case
                when joined.company_name = {{ place_name('joined.given_place_id') }}
                    then {{ word_key('joined.given_place_id') }}
            end
        ) as normalized_name,
        names.legal_form,
        names.branch_name,
        coalesce(names.is_sole_establishment, false)
        or coalesce(form_names.is_sole_establishment, false) as is_sole_establishment,
        form_names.legal_form as given_legal_form,
        case
            when {{ matches_pattern("coalesce(joined.given_name_ar, '')", '[ء-ي]') }}
                then joined.given_name_ar
            when {{ matches_pattern('joined.company_name', '[ء-ي]') }} then joined.company_name
        end as company_name_ar,
        {% for column, text, pattern in [
            ('place_id', 'joined.given_place_id', '^[A-Za-z0-9_:-]{6,}$'),
            ('national_number', 'joined.national_digits', '^7[0-9]{9}$'),
            ('cr_number', 'joined.cr_digits', '^[0-9]{10}$'),
            ('vat_number', 'joined.vat_digits', '^3[0-9]{13}3$'),
        ] %}
        case when {{ matches_pattern(text, pattern) }} then {{ text }} end
            as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from joined
    left join cities
        on
            coalesce(
                joined.mapped_city, case when joined.city_text is null then joined.box_city end
            ) = cities.city
    left join regions
        on coalesce(joined.region_code, cities.region_code) = regions.region_code
    left join names
        on joined.company_name = names.company_name
    left join form_names
        on joined.legal_form_text = form_names.company_name

),

final as (

    select
        import_id,
        row_number,
        row_hash,
        {{ record_id('acc_') }} as row_account_id,
        {{ record_id('con_') }} as row_contact_id,
        case
            when is_empty then 'empty_row'
            when company_name is null or normalized_name is null then 'no_company_name'
            when is_from_linkedin then 'linkedin_source'
            when coalesce(domain, site, phone_e164, email, place_id) is null then 'no_identifier'
        end as reject_reason,
        company_name,
        company_name_ar,
        normalized_name,
        coalesce(legal_form, given_legal_form) as legal_form,
        branch_name,
        contact_name,
        contact_role,
        brand,
        phone_e164,
        phone_type,
        email,
        email_kind,
        domain,
        site,
        website,
        place_id,
        national_number,
        cr_number,
        vat_number,
        city,
        city_origin,
        region,
        country,
        address,
        sector,
        sector_text,
        subsector_text,
        source_url,
        source_name,
        source_type,
        customer,
        latitude,
        longitude,
        cast(
            case when employee_number between 0 and 10000000 then floor(employee_number) end as bigint
        ) as employee_count,
        is_domain_of_website,
        has_opening_hours,
        is_sole_establishment,
        opt_out,
        is_withdrawn,
        is_from_linkedin
        or (has_profile_url and coalesce(source_type, '') <> 'owned') as has_linkedin_origin,
        vendor_last_updated,
        imported_at
    from located

)

select * from final
