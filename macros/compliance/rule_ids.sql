{#
  evaluated: 'build', 'read' or 'finding'. The rules whose files are models/*/rules/<rule_id>.sql and
  that are evaluated then; those that block come first, because reasons are told in this order. A
  finding judges no contact: it shows what somebody has to do or what another place refuses.
  dbt has to know its references before it reads the seed: applicable_rules compares the two.
#}
{% macro rule_ids(evaluated) %}
    {{ return({
        'build': [
            'contact_opted_out',
            'personal_email_without_opt_in',
            'disposable_email',
            'whatsapp_outbound',
            'channel_not_permitted',
            'linkedin_source',
            'no_provenance',
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
            'business_closed',
            'google_content_expired',
            'person_of_account_opted_out',
            'unmatchable_identifier',
            'notice_overdue',
            'stale_place_id',
            'business_maybe_closed',
            'site_contact_unconfirmed',
            'site_contact_expired',
        ],
        'finding': [
            'national_id_in_data',
            'sensitive_column',
            'destruction_requested',
            'rights_request_late',
            'google_content_kept',
            'approval_missing_or_stale',
            'first_days_of_customer',
            'calling_hours',
            'export_not_logged',
            'csv_cell_injection',
        ],
    }[evaluated]) }}
{% endmacro %}
