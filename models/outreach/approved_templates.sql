-- One row per customer (NULL: everybody's), channel and language: the message template. Its contract
-- fails the build when a template does not say who writes, offers no free way to opt out, or
-- says words that are for the house only.
{{ config(materialized='table') }}
{%- set internal_words = '(?i)(^|[^a-z0-9_])(p[0-3]|priority|score|scoring|lead|leads|queue|needs.review|'
    ~ 'email.warm|phone.task|whatsapp.inbound|linkedin|risk.level|allowed.use|data.quality|'
    ~ 'opt.in.status)([^a-z0-9_]|$)|أولوية|درجة التقييم|عميل محتمل|قائمة الانتظار' %}
with templates as (

    select
        nullif(trim(customer), '') as customer,
        channel,
        language,
        salutation_named,
        salutation_unnamed,
        body,
        sender_line,
        opt_out_sentence,
        effective_from
    from {{ ref('message_templates') }}

),

final as (

    select
        coalesce(customer, '') || ':' || channel || ':' || language as template_id,
        customer,
        channel,
        language,
        salutation_named,
        salutation_unnamed,
        body,
        sender_line,
        opt_out_sentence,
        coalesce(instr(sender_line, '{sender}') > 0, false) as has_sender,
        -- In the law's words: easy, and free of charge.
        coalesce({{ matches_pattern("lower(opt_out_sentence)", 'free of charge|مجان') }}, false)
            as has_free_opt_out,
        coalesce({{ matches_pattern(
            "concat_ws(' ', salutation_named, salutation_unnamed, body, sender_line, opt_out_sentence)",
            internal_words,
        ) }}, true) as has_internal_words
    from templates

)

select * from final
