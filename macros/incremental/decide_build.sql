{#
  How this run may build, and why: a dictionary of mode ('incremental', 'full' or 'test'), reason
  (for a person), new_imports (ids), facts (what the next run compares with) and fingerprint.
  Incremental exactly when the last run that changed anything was a complete and successful build by
  the same code, and all that came since are one import or more, each later than all that are built,
  and facts that only views read (opt-outs, outreach, customers). Whatever is unusual: a full build.
#}
{% macro decide_build() %}
    {% set selected = selected_resources | default([]) %}
    {% set expected = [] %}
    {% set tables = [] %}
    {% for node in graph.nodes.values() %}
        {% if node.resource_type in ['model', 'seed', 'test'] and node.config.enabled %}
            {% do expected.append(node.unique_id) %}
        {% endif %}
        {% if node.resource_type == 'model' and node.config.materialized == 'incremental' %}
            {% do tables.append(node) %}
        {% endif %}
    {% endfor %}
    {% set left_out = expected | reject('in', selected) | list %}
    {% set changing = [] %}
    {% for unique_id in selected if unique_id.split('.')[0] not in ['test', 'unit_test'] %}
        {% do changing.append(unique_id) %}
    {% endfor %}

    {% set before = run_query(built_before_query()).rows %}
    {% set before = before[0] if before else none %}
    {% set now = run_query(facts_query(before)).rows[0] %}
    {% set facts = fromjson(now['facts']) %}
    {% set seen = fromjson(before['facts'] or '{}') if before else {} %}
    {% set fingerprint = (now['fingerprint'] or '') ~ ' ' ~ local_md5(
        tojson(invocation_args_dict.get('vars') or {}, sort_keys=true) ~ target.name
    ) %}

    {% set reasons = [] %}
    {% if not changing %}
        {% do reasons.append('nothing is built, only tested') %}
    {% elif flags.FULL_REFRESH %}
        {% do reasons.append('--full-refresh asked for it') %}
    {% elif flags.EMPTY | default(false) %}
        {% do reasons.append('an --empty run') %}
    {% elif left_out %}
        {% do reasons.append('only a part of the project is built') %}
    {% elif before is none %}
        {% do reasons.append('it is the first build') %}
    {% elif not before['is_complete'] %}
        {% do reasons.append('the last build was not complete and successful') %}
    {% elif before['fingerprint'] != fingerprint %}
        {% do reasons.append('models, macros, seeds or settings changed') %}
    {% else %}
        {% for fact, text in facts_that_need_a_full_build().items() %}
            {% if facts[fact] != seen.get(fact) %}
                {% do reasons.append(text) %}
            {% endif %}
        {% endfor %}
        {% if now['is_built_part_changed'] %}
            {% do reasons.append(
                'an import that was built is gone or changed, or a new one is dated before it'
            ) %}
        {% endif %}
        {% for node in tables %}
            {% set relation = adapter.get_relation(node.database, node.schema, node.alias) %}
            {% if relation is none or relation.type != 'table' %}
                {% do reasons.append(node.schema ~ '.' ~ node.alias ~ ' is missing') %}
            {% endif %}
        {% endfor %}
        {% if not reasons and has_new_rule(before['started_at']) %}
            {% do reasons.append('a compliance rule came into effect') %}
        {% endif %}
        {% if not reasons and has_ended_site_contact() %}
            {% do reasons.append('what a site publishes was not seen there for too long') %}
        {% endif %}
        {% if not reasons and has_reread_values(before['started_at']) %}
            {% do reasons.append('values of rows that are built were read again') %}
        {% endif %}
    {% endif %}

    {% set new_imports = fromjson(now['new_imports']) %}
    {% if not reasons and not new_imports %}
        {# Whoever builds again what is built doubts it. #}
        {% do reasons.append('there is no new import, so everything is made again') %}
    {% endif %}
    {% if reasons %}
        {% set mode = 'full' if changing else 'test' %}
        {% set reason = reasons | join('; ') %}
    {% else %}
        {% set mode = 'incremental' %}
        {% set count = new_imports | length %}
        {% set reason = count ~ (' new import' if count == 1 else ' new imports') %}
    {% endif %}
    {{ return({
        'mode': mode,
        'reason': reason,
        'new_imports': new_imports if mode == 'incremental' else [],
        'facts': now['facts'],
        'fingerprint': fingerprint,
    }) }}
{% endmacro %}

{#
  Raw tables that built tables read, besides the imports themselves: a new row in one of them may
  change any account. The text is the reason that a person reads.
#}
{% macro facts_that_need_a_full_build() %}
    {{ return({
        'import_events': 'a list was withdrawn',
        'match_decisions': 'somebody decided on a match',
        'erasure_events': 'somebody was erased',
        'enrichment_results': 'a provider answered',
        'consent_events': 'consent was recorded',
    }) }}
{% endmacro %}

{# The last run before this one that changed any table, and what it knew. #}
{% macro built_before_query() %}
    select
        run_id,
        min(started_at) as started_at,
        bool_or(status = 'success' and is_complete) and not bool_or(status in ('failed', 'empty'))
            as is_complete,
        max(code_fingerprint) as fingerprint,
        max(facts) as facts
    from raw.build_runs
    where run_id <> '{{ invocation_id }}'
    group by run_id
    having max(mode) is distinct from 'test'
    order by min(started_at) desc
    limit 1
{% endmacro %}

{#
  before: a row of built_before_query, or none. One row: the facts as of now; the fingerprint of the
  code; the imports later than those known then; and whether those known then are what they were.
#}
{% macro facts_query(before) %}
    {% set seen = fromjson(before['facts'] or '{}') if before else {} %}
    {% set until = "cast('" ~ seen.get('imported_until', '-infinity') ~ "' as timestamp)" %}
    with imports as (

        select
            import_id,
            imported_at,
            sha256(cast(imports as varchar)) as content
        from raw.raw_lead_imports as imports

    ),

    all_imports as (

        select
            count(*) as import_count,
            coalesce(max(imported_at), timestamp '-infinity') as imported_until,
            coalesce(sha256(string_agg(content, '' order by imported_at, import_id)), '') as content
        from imports

    ),

    known_imports as (

        select
            count(*) as import_count,
            coalesce(sha256(string_agg(content, '' order by imported_at, import_id)), '') as content
        from imports
        where imported_at <= {{ until }}

    ),

    new_imports as (

        select
            coalesce(to_json(list(import_id order by imported_at, import_id)), '[]') as new_imports
        from imports
        where imported_at > {{ until }}

    )

    select
        to_json({
            'import_count': all_imports.import_count,
            'imported_until': cast(all_imports.imported_until as varchar),
            'import_content': all_imports.content,
            {% for fact in facts_that_need_a_full_build() %}
            '{{ fact }}': (select count(*) from raw.{{ fact }}){{ ',' if not loop.last }}
            {% endfor %}
        }) as facts,
        (select arg_max(fingerprint, opened_at) from raw.project_versions) as fingerprint,
        new_imports.new_imports,
        known_imports.import_count is distinct from {{ seen.get('import_count', 0) }}
        or known_imports.content is distinct from '{{ seen.get("import_content", "") }}'
            as is_built_part_changed
    from all_imports
    cross join known_imports
    cross join new_imports
{% endmacro %}

{#
  Whether a value that stands in a built row was parsed since. Each is parsed when its row is landed,
  so that this takes a repair; what is not valid says nothing of a cell of another kind. How a number is
  dialled in another country is read when a row of that country brings it, and is of no interest to others.
#}
{% macro has_reread_values(since) %}
    {% set found = run_query(reread_values_query(since)) %}
    {{ return(found.columns[0].values()[0] > 0) }}
{% endmacro %}

{% macro reread_values_query(since) %}
    {% set cells = api.Relation.create(
        database=target.database, schema='normalised', identifier='lead_row_cells'
    ) %}
    {% for field, parsed in {
        'phone': 'parsed_phones', 'email': 'parsed_emails', 'website': 'parsed_urls'
    }.items() %}
    {{ 'select sum(cell_count) from (' if loop.first }}
    select count(*) as cell_count
    from {{ cells }} as cells
    inner join raw.{{ parsed }} as parsed
        on cells.raw_value = parsed.raw_value
    where
        parsed.parsed_at >= cast('{{ since }}' as timestamp)
        and (parsed.is_valid or cells.field = '{{ field }}')
        {% if field == 'phone' %}
        and coalesce(parsed.dialled_in, '{{ var("home_country") }}') = '{{ var("home_country") }}'
        {% endif %}
    {{ ') as counts' if loop.last else 'union all' }}
    {% endfor %}
{% endmacro %}

{# Whether a contact point of a site does not count any more: it has to leave. #}
{% macro has_ended_site_contact() %}
    {% set points = api.Relation.create(
        database=target.database, schema='graph', identifier='site_contact_points'
    ) %}
    {% set found = run_query(
        "select count(*) from " ~ points
        ~ " where coalesce(valid_until <= " ~ now_utc() ~ ", true)"
    ) %}
    {{ return(found.columns[0].values()[0] > 0) }}
{% endmacro %}

{# Whether a rule's effective date lies between that time and now: then its verdicts are due. #}
{% macro has_new_rule(since) %}
    {% set rules = api.Relation.create(
        database=target.database, schema='reference', identifier='compliance_rules'
    ) %}
    {% set found = run_query(
        "select count(*) from " ~ rules
        ~ " where effective_from > cast('" ~ since ~ "' as timestamp)"
        ~ " and effective_from <= " ~ now_utc()
    ) %}
    {{ return(found.columns[0].values()[0] > 0) }}
{% endmacro %}
