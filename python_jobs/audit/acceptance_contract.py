"""Holds a trial import to the acceptance contract (acceptance_contract.json, a Great Expectations suite).

DuckDB computes one boolean column per term; Great Expectations counts, applies the thresholds and names
the rows that break a term. All rows go through it: a million take less than a second.
"""

import importlib
import json
import logging
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from python_jobs.landing.cell_pointer import cell_pointer

FOLDER = Path(__file__).parent
CONTRACT = FOLDER / "acceptance_contract.json"


def hold_to_contract(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The outcome per term. Leaves temp.row_checks (a row per record) and temp.broken_terms behind.

    broken_terms(check_id, term_number, column_name, severity, problem) holds what every failing row breaks;
    check_id is the row's position in row_checks.
    """
    suite = json.loads(CONTRACT.read_text(encoding="utf-8"))
    _create_row_checks(connection)
    # Great Expectations does not repeat a threshold of 1 in its outcome.
    required = {
        expectation["kwargs"]["column"]: expectation["kwargs"]["mostly"]
        for expectation in suite["expectations"]
    }
    frame = connection.execute(f"select {', '.join(required)} from temp.row_checks order by check_id").df()
    healthy = connection.execute(
        "select min_acceptance_rate from reference.audit_thresholds where verdict = 'healthy'"
    ).fetchone()[0]
    terms = []
    connection.execute(
        """
        create or replace temp table broken_terms
        (check_id bigint, term_number integer, column_name varchar, severity varchar, problem varchar)
        """
    )
    results = _validate(suite, frame, {"healthy_acceptance_rate": healthy})
    for number, result in enumerate(results, start=1):
        config, outcome = result["expectation_config"], result["result"]
        column, severity, meta = config["kwargs"]["column"], config["severity"], config["meta"]
        mostly = required[column]
        checked = outcome["element_count"] - outcome["missing_count"]
        broken = outcome.get("unexpected_index_list") or []
        connection.execute(
            "insert into temp.broken_terms select unnest($ids), $number, $column, $severity, $problem",
            {
                "ids": [int(position) for position in broken],
                "number": number,
                "column": column,
                "severity": severity,
                "problem": meta["problem"],
            },
        )
        terms.append(
            {
                "check": column,
                "term": meta["term"],
                "severity": severity,
                "is_kept": bool(result["success"]),
                "required_share": healthy if isinstance(mostly, dict) else mostly,
                "kept_share": round(1 - len(broken) / checked, 4) if checked else None,
                "rows_checked": checked,
                "rows_breaking": len(broken),
            }
        )
    return {
        "name": suite["name"],
        "version": suite["meta"]["version"],
        "is_kept": all(term["is_kept"] for term in terms if term["severity"] == "critical"),
        "terms": terms,
    }


def _create_row_checks(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"""
        create or replace temp table sensitive_rows as
        select distinct lead_rows.row_number
        from raw.raw_lead_rows as lead_rows
        inner join staging.stg_import_columns as columns
            on lead_rows.import_id = columns.import_id
        where
            starts_with(columns.field, 'sensitive_')
            and trim(coalesce(
                json_extract_string(lead_rows.payload, {cell_pointer("columns.column_name")}), ''
            )) <> ''
        """
    )
    connection.execute((FOLDER / "row_checks.sql").read_text(encoding="utf-8"))
    # Positions count from 0, as they do in the frame.
    connection.execute(
        """
        create or replace temp table row_checks as
        select row_number() over (order by place desc, number) - 1 as check_id, *
        from temp.row_checks
        """
    )


def load_great_expectations() -> ModuleType:
    """The library, which takes seconds to import: only where it is needed."""
    # It reports its use to its maker unless told not to.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    return importlib.import_module("great_expectations")


def _validate(suite: dict[str, Any], frame: Any, parameters: dict[str, float]) -> list[dict[str, Any]]:
    gx = load_great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    # Where it keeps its temporary files is nobody's business.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("file_under_audit").add_dataframe_asset("row_checks")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    outcome = batch.validate(
        gx.ExpectationSuite(**suite),
        # By position in the frame: a hundred times quicker than by the values of an id column.
        result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False},
        expectation_parameters=parameters,
    )
    results = [result.to_json_dict() for result in outcome.results]
    failed = [result for result in results if result["exception_info"].get("raised_exception")]
    if failed:
        raise RuntimeError(f"The acceptance contract cannot be evaluated: {failed[0]['exception_info']}")
    order = [expectation["kwargs"]["column"] for expectation in suite["expectations"]]
    return sorted(results, key=lambda result: order.index(result["expectation_config"]["kwargs"]["column"]))
