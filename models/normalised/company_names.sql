-- One row per distinct company name as written: the key under which spellings of one name meet, and
-- its legal form.
{{ config(materialized='incremental', incremental_strategy='append') }}
with names as (

    select company_name from {{ ref('lead_row_fields') }}
    where company_name is not null and {{ only_new_imports() }}
    union
    select company_name_ar from {{ ref('lead_row_fields') }}
    where company_name_ar is not null and {{ only_new_imports() }}
    union
    -- A legal form column holds the same words.
    select legal_form from {{ ref('lead_row_fields') }}
    where legal_form is not null and {{ only_new_imports() }}
    {% if is_incremental_build() %}
    except
    select company_name from {{ this }}
    {% endif %}

),

legal_forms as (

    select
        {{ array_text(name_words('word'), '') }} as word,
        min(legal_form) as legal_form,
        min(precedence) as precedence
    from {{ ref('legal_forms') }}
    group by 1

),

legal_words as (

    select array_agg(word order by word) as words from legal_forms

),

worded as (

    select
        names.company_name,
        {{ name_words('names.company_name') }} as words
    from names

),

split as (

    select
        worded.company_name,
        {{ array_text(
            array_where('worded.words', 'not array_contains(legal_words.words, item)'), ' '
        ) }} as name_key,
        {{ array_text('worded.words', ' ') }} as whole_key,
        {{ array_where('worded.words', 'array_contains(legal_words.words, item)') }} as found_words
    from worded
    cross join legal_words

),

found_forms as (

    select
        split.company_name,
        min_by(legal_forms.legal_form, legal_forms.precedence) as legal_form,
        bool_or(legal_forms.legal_form = 'sole_establishment') as is_sole_establishment
    from split
    {{ each_item('split.found_words', 'found') }}
    inner join legal_forms
        on found.item = legal_forms.word
    group by split.company_name

),

final as (

    select
        split.company_name,
        -- A name made of legal words only keeps them: an empty key would make all such companies
        -- one.
        coalesce(nullif(split.name_key, ''), nullif(split.whole_key, '')) as normalized_name,
        found_forms.legal_form,
        coalesce(found_forms.is_sole_establishment, false) as is_sole_establishment,
        split.name_key = '' as has_legal_words_only
    from split
    left join found_forms
        on split.company_name = found_forms.company_name

)

select * from final
