"""Each rule, each predicate of the gate and each floor is disabled, one at a time: a test must notice.

The changed models are written beside the real ones into a copy of the project, each with the unit tests of
its original, so that one dbt invocation tries all of them.
"""

import csv
import json
import re
import shutil
from pathlib import Path

import yaml
from lake import ROOT

RULE_FOLDERS = ("compliance/rules", "outreach/rules")

# model -> (text, what stands in its place): one predicate or step of the gate less.
PREDICATES = {
    "outreach/outreach_approved": [
        ("queue.status in ('approved', 'exported')\n        and", ""),
        ("and queue.has_live_approval", ""),
        ("and queue.verdict in ('ready', 'needs_review')", ""),
        ("and trim(queue.message_draft) <> ''", ""),
        ("when 'email_warm' then queue.email", "when 'email_warm' then queue.queue_id"),
        ("when 'phone_task' then queue.phone_e164", "when 'phone_task' then queue.queue_id"),
        ("and not queue.has_unfinished_export", ""),
        ("and channels.outbound_allowed", ""),
        ("and build_status.is_current", ""),
    ],
    "outreach/outreach_exportable": [("where status = 'approved'", "")],
    "outreach/outreach_queue": [
        ("decisions.event = 'approved'\n            -- What", "true\n            -- What"),
        ("today.verdict = 'ready'\n                or", "true or"),
        ("and trim(decisions.reason) <> ''", ""),
        ("and trim(decisions.actor) <> ''", ""),
        ("and decisions.expires_at > {{ now_utc() }}\n            and", "and"),
        ("and decisions.content_hash = today.content_hash", ""),
        ("when decision = 'rejected' then 'rejected'", ""),
        ("verdict = 'blocked' or ordinal > 1", "ordinal > 1"),
        ("verdict = 'blocked' or ordinal > 1", "verdict = 'blocked'"),
        ("when exported_at is not null then 'exported'", ""),
        ("when opt_outs.queue_id is not null then 'blocked'", "when false then 'blocked'"),
        ("else coalesce(verdicts.verdict, 'blocked')", "else coalesce(verdicts.verdict, 'ready')"),
        ("and numbered.customer = customer_opt_outs.customer", ""),
        ("where coalesce(customer_opt_outs.channel, numbered.channel) = numbered.channel", ""),
        ("is_approved and ordinal = 1 as has_live_approval", "is_approved as has_live_approval"),
        ("established_customers.customer is null\n        or", ""),
        ("or coalesce(channels.approval_always, true) as approval_required", "as approval_required"),
        ("and clock.time_of_day < coalesce(channels.allowed_until, '24:00')", ""),
        ("case when event = 'approved' then 1 else 0 end,", ""),
        ("and ended.event in ('exported', 'export_failed')", ""),
    ],
    "outreach/outreach_preparable": [("where preparation_order is not null", "")],
    "outreach/outreach_preparation": [
        ("candidates.verdict in ('ready', 'needs_review')\n        and", ""),
        ("and candidates.contact_id is not null", ""),
        ("and candidates.contact_point is not null", ""),
        ("and channels.outbound_allowed", ""),
        ("and preparable.ordinal = 1", ""),
        ("where status <> 'blocked'", ""),
    ],
    "outreach/ready_content": [
        ("where verdicts.verdict_rank = 0", "where verdicts.verdict_rank = 2"),
        ("order by verdicts.preference\n", "order by verdicts.preference desc\n"),
        ("partition by verdicts.account_id\n", ""),
    ],
    "outreach/outreach_ready": [
        ("and account_number not in (select accounts_hit.account_number from accounts_hit)", ""),
        ("choice = 1\n        and", ""),
        ("    from hits\n", "    from hits\n    where false\n"),
        ("where reached.verdict_rank > 0", "where false"),
        ("where reached.verdict_rank > 0", "where reached.verdict_rank > 1"),
        ("min(choice) as choice", "max(choice) as choice"),
        ("and content.choice = asked_again.choice", ""),
    ],
    "outreach/outreach_candidates": [
        ("{{ verdict_rank('verdict') }} * 1000000000 + preference", "preference"),
        ("{{ verdict_rank('verdict') }} * 1000000000 + preference", "{{ verdict_rank('verdict') }} * 1000000000 - preference"),
    ],
    "outreach/queue_verdicts": [
        ("where events.event = 'queued'", ""),
        ("on events.contact_id = aliases.alias_id", "on events.contact_id = aliases.contact_id"),
        ("verdicts.account_id = queued_accounts.account_id", "false"),
    ],
    "compliance/customer_opt_outs": [
        ("where customer is not null", ""),
        ("where coalesce(hits.contact_id, contacts.contact_id) = contacts.contact_id", ""),
    ],
    "compliance/rule_deadlines": [("where subjects.contact_kind is distinct from 'company'", "")],
    "compliance/ready_verdicts": [
        ("where verdict_rank = 0", ""),
        ("where reached.verdict_rank > 0", "where false"),
        ("where reached.verdict_rank > 0", "where reached.verdict_rank > 1"),
    ],
    "outreach/established_customers": [("max(onboarded_on)", "min(onboarded_on)")],
    "compliance/suppressions_in_force": [
        ("and releases.released_at > events.occurred_at", ""),
        ("event is distinct from 'release'", "event = 'opt_out'"),
        ("releases.scope = 'all' or", "true or"),
        ("and releases.site_hash is not distinct from events.site_hash", ""),
        ("and releases.subject_id is not distinct from events.subject_id", ""),
    ],
    "compliance/consents_in_force": [
        ("event = 'given' and purpose = 'outreach') as given_at", "event = 'given') as given_at"),
        ("coalesce(given_at > withdrawn_at, withdrawn_at is null)", "true"),
    ],
    "compliance/applicable_rules": [
        ("{{ verdict_rank('floor_verdict') }},", ""),
        ("{{ verdict_rank('seed_verdict') }},", ""),
        ("case when has_override then {{ verdict_rank('override_verdict') }} else 0 end", "0"),
        ("rule_files.has_file and rule_files.evaluated = rules.evaluated", "true"),
        ("coalesce({{ is_looser('rules.verdict', 'rules.floor') }}, true)", "false"),
        ("and coalesce({{ is_looser('overrides.verdict', 'rules.floor') }}, true)", "and false"),
    ],
    "compliance/build_status": [
        ("last_complete.started_at is not null\n            and", ""),
        ("and not later_runs.has_failed\n", ""),
        ("and not later_runs.has_unfinished\n", ""),
        ("and later_facts.what is null,", ","),
    ],
    "outreach/approved_templates": [
        ("coalesce(instr(sender_line, '{sender}') > 0, false)", "true"),
        ("coalesce({{ matches_pattern(\"lower(opt_out_sentence)\", 'free of charge|مجان') }}, false)", "true"),
    ],
}  # fmt: skip

# macro, the model that is tried with it, and its changes.
MACROS = [
    ("compliance/judged_now", "live_verdicts", [
        ("greatest(coalesce(built.verdict_rank, 2), coalesce(hit_now.verdict_rank, 0))", "coalesce(built.verdict_rank, 2)"),
        ("greatest(coalesce(built.verdict_rank, 2), coalesce(hit_now.verdict_rank, 0))", "coalesce(hit_now.verdict_rank, 0)"),
        ("coalesce(built.verdict_rank, 2)", "coalesce(built.verdict_rank, 0)"),
    ]),
    ("compliance/read_hits_of", "ready_verdicts", [
        ("where rule_id = 'contact_opted_out'", "where false"),
        ("where rule_id = 'contact_opted_out'", ""),
        ("    from hits_of_suppressed_contact\n    where customer is null", "    from hits_of_suppressed_contact"),
        ("    from hits_of_suppressed_contact\n    where customer is null", "    from hits_of_suppressed_contact\n    where false"),
        ("    from {{ ref(rule_id) }}\n", "    from {{ ref(rule_id) }}\n    where false\n"),
        ("    from hits_of_{{ rule_id }}\n", "    from hits_of_{{ rule_id }}\n    where false\n"),
        ("'hits_of_suppressed_contact',\n", "'(select * from hits_of_suppressed_contact where false)',\n"),
        ("'hits_of_suppressed_account',\n", "'(select * from hits_of_suppressed_account where false)',\n"),
        ("'hits_of_unmatchable_identifier',\n", "'(select * from hits_of_unmatchable_identifier where false)',\n"),
        ("'hits_of_person_of_account_opted_out',\n", "'(select * from hits_of_person_of_account_opted_out where false)',\n"),
        ("{{ text_number('subject_hash') }} as", "cast(null as bigint) as"),
        ("{{ text_number('host_hash') }} as", "cast(null as bigint) as"),
        ("{{ text_number('site_hash') }} as", "cast(null as bigint) as"),
        ("        domain_number as domain_hash,", "        hash_number as domain_hash,"),
        ("        hash_number as hash,\n        domain", "        domain_number as hash,\n        domain"),
    ]),
    ("compliance/union_of_rules", "ready_verdicts", [
        ("and customer is null", ""),
    ]),
    ("compliance/effective_hits", "ready_verdicts", [
        ("coalesce(rules.effective_from <= {{ now_utc() }}, true)", "true"),
        ("coalesce(rules.effective_from <= {{ now_utc() }}, true)", "rules.effective_from <= {{ now_utc() }}"),
        ("coalesce(rules.verdict_rank, 2) as", "coalesce(rules.verdict_rank, 0) as"),
    ]),
    ("compliance/hits_of_subjects", "ready_verdicts", [
        ("on effective_hits.contact_id = contact_channels.contact_id", "on false"),
        ("on effective_hits.account_id = contact_channels.account_id", "on false"),
        ("effective_hits.contact_id is null\n    and", ""),
        ("where coalesce(effective_hits.channel, contact_channels.channel) = contact_channels.channel", ""),
        ("where coalesce(effective_hits.channel, contact_channels.channel) = contact_channels.channel", "where effective_hits.channel = contact_channels.channel"),
    ]),
    ("compliance/subject_verdicts", "build_verdicts", [
        ("max(verdict_rank) as", "min(verdict_rank) as"),
        ("'contact_id is not null and channel is null'", "'false'"),
        ("'contact_id is not null and channel is not null'", "'false'"),
        ("'contact_id is null and channel is null'", "'false'"),
        ("'contact_id is null and channel is not null'", "'false'"),
        ("coalesce({{ scope }}_hits.verdict_rank, 0)", "coalesce(contact_hits.verdict_rank, 0)"),
    ]),
    ("compliance/union_of_rules", "live_verdicts", [
        ("and customer is null", ""),
        ("from {{ instead[rule_id] or ref(rule_id) }}", "from {{ instead[rule_id] or '(select * from ' ~ ref(rule_id) ~ ' where false)' }}"),
    ]),
    ("compliance/verdict_of_rank", "live_verdicts", [("else 'blocked'", "else 'ready'"), ("when 1 then 'needs_review'", "when 1 then 'ready'")]),
    ("compliance/verdict_rank", "applicable_rules", [("else 2", "else 0"), ("when 'needs_review' then 1", "when 'needs_review' then 0")]),
    ("compliance/is_looser", "applicable_rules", [
        ("not coalesce({{ verdict }} in ('ready', 'needs_review', 'blocked'), false)\n            or", ""),
        ("or {{ verdict_rank(verdict) }} < {{ verdict_rank(floor) }}", ""),
        ("else not coalesce({{ verdict }} = {{ floor }}, false)", "else false"),
    ]),
    ("compliance/last_looks", "business_closed", [
        ("provider = 'google_maps'\n        and", ""),
        ("and lower(status) in ('ok', 'not_found', 'closed_permanently', 'closed_temporarily')", ""),
    ]),
    ("outreach/candidates", "outreach_candidates", [("{{ approval_required('best.customers') }}", "false")]),
    ("outreach/approval_required", "outreach_candidates", [
        ("coalesce(channels.approval_always, true)\nor", ""),
        ("coalesce(channels.approval_always, true)", "coalesce(channels.approval_always, false)"),
        ("{{ array_text(customers, '') }} <> ''\n    and", ""),
        ("'not coalesce(array_contains(established.customers, item), false)'", "'false'"),
    ]),
    ("compliance/rules/suppressed_contact", "suppressed_contact", [
        ("on suppressions.subject_hash = identifiers.hash", "on suppressions.subject_hash = identifiers.kind"),
        ("channels.channel,", "cast(null as {{ dbt.type_string() }}) as channel,"),
        ("suppressions.customer\n", "cast(null as {{ dbt.type_string() }}) as customer\n"),
    ]),
    ("compliance/rules/suppressed_account", "suppressed_account", [
        ("('subject_hash', \"in ('domain', 'fetched_domain')\"),", ""),
        ("in ('domain', 'fetched_domain')", "in ('domain')"),
        ("('site_hash', \"= 'site'\"),", ""),
        ("('host_hash', \"= 'site'\"),", ""),
        ("on suppressions.subject_hash = contact_identifiers.domain_hash", "on false"),
        ("when contact_identifiers.value_kind in ('role', 'named') then null", "when false then null"),
        ("suppressions.kind = 'place_id'\n        and account_identifiers.kind = 'place_id'", "false"),
        ("channels.channel,", "cast(null as {{ dbt.type_string() }}) as channel,"),
        ("suppressions.customer\n", "cast(null as {{ dbt.type_string() }}) as customer\n"),
    ]),
    ("compliance/ids_of_accounts", "suppressed_account", [
        ("['account_aliases', 'former_account_ids']", "['account_aliases']"),
        ("['account_aliases', 'former_account_ids']", "['former_account_ids']"),
    ]),
    ("compliance/rules/unmatchable_identifier", "unmatchable_identifier", [
        ("identifiers.hash is null\n        or", ""),
        ("or identifiers.key_id is null\n", ""),
        ("or coalesce(keys_in_use.first_key_id <> identifiers.key_id, false)", ""),
        ("or coalesce(keys_in_use.last_key_id <> identifiers.key_id, false)", ""),
        ("or keys_in_use.unknown_subjects > 0", ""),
        ("where identifiers.contact_id is not null", "where false"),
        ("and contact_channels.contact_id not in (", "and contact_channels.contact_id in ("),
        ("and contact_channels.channel <> 'needs_enrichment'", ""),
    ]),
    ("compliance/rules/person_of_account_opted_out", "person_of_account_opted_out", [
        ("on opted_out.contact_id = subjects.contact_id", "on false"),
        ("where themselves.contact_id is not null", "where false"),
        ("where themselves.contact_id is not null", ""),
        ("subjects.contact_kind is distinct from 'person'\n            or", ""),
        ("or colleagues.contact_kind is distinct from 'company'", ""),
    ]),
]  # fmt: skip

# The facts that the rules stand on: a floor is changed here and in the seed, or not at all.
FLOORS = {
    "suppressed_contact": "blocked",
    "suppressed_account": "blocked",
    "contact_opted_out": "blocked",
    "opted_out_in_unbuilt_import": "blocked",
    "opted_out_in_reply": "blocked",
    "consent_withdrawn": "blocked",
    "person_of_account_opted_out": "needs_review",
    "import_withdrawn_after_build": "blocked",
    "high_risk_source": "needs_review",
    "missing_allowed_use": "needs_review",
    "paid_list_without_last_updated": "needs_review",
    "personal_email_without_opt_in": "blocked",
    "disposable_email": "blocked",
    "person_without_consent": "needs_review",
    "person_or_company_unclear": "needs_review",
    "legitimate_interest_without_assessment": "needs_review",
    "whatsapp_outbound": "blocked",
    "linkedin_source": "blocked",
    "no_contact_point": "needs_review",
    "unknown_evidence": "needs_review",
    "unmatchable_identifier": "needs_review",
    "no_provenance": "blocked",
    "channel_not_permitted": "blocked",
    "stale_place_id": "needs_review",
    "business_closed": "needs_review",
    "business_maybe_closed": "needs_review",
    "site_contact_unconfirmed": "needs_review",
    "site_contact_expired": "needs_review",
    "google_content_expired": "blocked",
    "notice_overdue": "needs_review",
    "national_id_in_data": "reject_cell",
    "sensitive_column": "reject_column",
    "destruction_requested": "purge",
    "rights_request_late": "alert",
    "google_content_kept": "purge",
    "approval_missing_or_stale": "not_exportable",
    "first_days_of_customer": "approval_required",
    "calling_hours": "not_due",
    "export_not_logged": "refused",
    "csv_cell_injection": "neutralise",
}


def test_every_floor_is_what_the_facts_say():
    with (ROOT / "seeds" / "compliance" / "compliance_rules.csv").open(encoding="utf-8") as file:
        rules = list(csv.DictReader(file))
    assert {rule["rule_id"]: rule["floor"] for rule in rules} == FLOORS
    assert all(rule["source"] and rule["source_article"] and rule["effective_from"] for rule in rules)


def test_only_what_the_facts_allow_is_outbound():
    with (ROOT / "seeds" / "compliance" / "channel_policy.csv").open(encoding="utf-8") as file:
        channels = {row["channel"]: row for row in csv.DictReader(file)}
    closed = {name for name, row in channels.items() if row["outbound_allowed"] != "true"}
    assert {"whatsapp_inbound_only", "linkedin_manual", "needs_enrichment"} == closed
    hours = channels["phone_task"]
    assert (hours["allowed_from"], hours["allowed_until"]) == ("09:00", "22:00")
    assert {row["consent_needed"] for name, row in channels.items() if name not in closed} == {"person"}


def unit_tests() -> list[dict]:
    """Every unit test of the gate."""
    files = [
        *(ROOT / "models" / "compliance").rglob("_*unit_tests.yml"),
        *(ROOT / "models" / "outreach").rglob("_*unit_tests.yml"),
    ]
    return [test for path in files for test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]]


def changed(place: str, text: str, predicate: str, instead: str) -> str:
    """The text with the predicate changed once. Fails when it does not stand there any more."""
    assert predicate in text, f"{place} has no {predicate!r} any more"
    return text.replace(predicate, instead, 1)


def mutations() -> dict[str, tuple[str, str]]:
    """Name of a changed model -> (its original, its text)."""
    mutants = {}
    for folder in RULE_FOLDERS:
        for path in sorted((ROOT / "models" / folder).glob("*.sql")):
            text = path.read_text(encoding="utf-8")
            assert text.rstrip().endswith("select * from final")
            mutants[f"{path.stem}__disabled"] = (path.stem, text.rstrip() + "\nwhere 1 = 0\n")
    for place, predicates in PREDICATES.items():
        text = (ROOT / "models" / f"{place}.sql").read_text(encoding="utf-8")
        for number, (predicate, instead) in enumerate(predicates, start=1):
            name = Path(place).name
            mutants[f"{name}__{number}"] = (name, changed(place, text, predicate, instead))
    return mutants


def macro_mutations(project: Path) -> dict[str, tuple[str, str]]:
    """The same for macros: a changed copy of the macro, of every macro that calls it, and of the model."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "macros").rglob("*.sql")}
    models = {path.stem: path for path in (ROOT / "models").rglob("*.sql")}
    (project / "macros" / "mutants").mkdir()
    mutants = {}
    for place, model, predicates in MACROS:
        name = Path(place).name
        callers = {name}
        while more := {
            caller
            for caller, text in texts.items()
            if caller not in callers and any(re.search(rf"\b{one}\(", text) for one in callers)
        }:
            callers |= more
        calls = re.compile(rf"\b({'|'.join(sorted(callers))})\(")
        for number, (predicate, instead) in enumerate(predicates, start=1):
            suffix = f"__{name}_{model}_{number}"
            for caller in callers:
                text = texts[caller]
                if caller == name:
                    text = changed(place, text, predicate, instead)
                copy = project / "macros" / "mutants" / f"{caller}{suffix}.sql"
                copy.write_text(calls.sub(rf"\1{suffix}(", text), encoding="utf-8")
            text = models[model].read_text(encoding="utf-8")
            assert calls.search(text), f"{model} does not call {name}"
            mutants[f"{model}{suffix}"] = (model, calls.sub(rf"\1{suffix}(", text))
    return mutants


def write_mutants(project: Path) -> set[str]:
    """The project's copy with every changed model and its tests; returns the names of the models."""
    for name in ("models", "macros", "seeds", "tests", "python_jobs", "dbt_project.yml", "profiles.yml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("__pycache__", "python"))
        else:
            shutil.copy(source, project / name)
    folder = project / "models" / "compliance" / "mutants"
    folder.mkdir()
    tests_of = {}
    for test in unit_tests():
        tests_of.setdefault(test["model"], []).append(test)
    tests = []
    mutants = {**mutations(), **macro_mutations(project)}
    for name, (original, text) in mutants.items():
        assert tests_of.get(original), f"{original} has no unit test"
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")
        tests += [{**test, "name": f"{test['name']}__{name}", "model": name} for test in tests_of[original]]
    document = yaml.safe_dump({"version": 2, "unit_tests": tests}, allow_unicode=True, sort_keys=False)
    (folder / "_mutants.yml").write_text(document, encoding="utf-8")
    return set(mutants)


def test_a_test_notices_whatever_is_disabled(lake, tmp_path):
    project, target = tmp_path / "project", tmp_path / "target"
    project.mkdir()
    mutants = write_mutants(project)
    done = lake.run(
        "--quiet", "test", "--select", "path:models/compliance/mutants,test_type:unit",
        "--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(target),
        "--log-path", str(tmp_path), module="dbt.cli.main",
    )  # fmt: skip
    statuses = {}
    for result in json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]:
        if not result["unique_id"].startswith("unit_test."):
            continue  # the hooks of the run
        statuses.setdefault(result["unique_id"].split(".")[2], set()).add(result["status"])
    assert set(statuses) == mutants, done.stdout[-3000:]
    broken = sorted(name for name, found in statuses.items() if "error" in found)
    assert broken == [], "a change that is no SQL any more proves nothing"
    assert sorted(name for name, found in statuses.items() if "fail" not in found) == []
