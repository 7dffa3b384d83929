{#
  evaluated: 'build' or 'read'. The rules whose files are models/compliance/rules/<rule_id>.sql and
  that are evaluated then; those that block come first, because reasons are told in this order.
  dbt has to know its references before it reads the seed: every_rule_has_its_file.sql compares.
#}
{% macro rule_ids(evaluated) %}
    {{ return({
        'build': [
            'contact_opted_out',
            'personal_email_without_opt_in',
            'disposable_email',
            'whatsapp_outbound',
            'linkedin_source',
            'high_risk_source',
            'missing_allowed_use',
            'paid_list_without_last_updated',
            'person_without_consent',
            'person_or_company_unclear',
            'legitimate_interest_without_assessment',
            'no_contact_point',
            'unknown_evidence',
        ],
        'read': [
            'suppressed_contact',
            'suppressed_account',
            'opted_out_in_unbuilt_import',
            'opted_out_in_reply',
            'consent_withdrawn',
            'import_withdrawn_after_build',
            'person_of_account_opted_out',
            'unmatchable_identifier',
        ],
    }[evaluated]) }}
{% endmacro %}
