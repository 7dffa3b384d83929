"""The `dealix` command: every job under one name."""

import atexit
import gc
import importlib

import click

# command -> module in python_jobs; imported on first use, because dbt alone takes 1.6 s to import.
COMMANDS = {
    "audit": "audit_lead_file",
    "import": "import_leads",
    "run": "run_pipeline",
    "discover": "discover_local_to_csv",
    "enrich": "enrich_accounts",
    "suppress": "suppress",
    "release": "release_suppression",
    "consent": "record_consent",
    "prepare": "prepare_outreach",
    "queue": "outreach_queue",
    "approve": "approve_outreach",
    "reject": "reject_outreach",
    "export": "export_outreach_ready",
    "recall-check": "recall_check",
    "outcome": "record_outcome",
    "why": "explain_contact",
    "matches": "list_matches",
    "match": "decide_match",
    "why-merged": "explain_merge",
    "access": "give_access",
    "erase": "erase_subject",
    "policy-diff": "policy_diff",
    "report": "report_import",
    "publish": "publish_copy",
    "withdraw": "withdraw_import",
    "customer": "record_customer",
    "doctor": "doctor",
}

# dbt and its project are hundreds of thousands of objects that live as long as the command: to look through
# them for garbage every 700 new ones, and once more at the end, takes a fifth of a small build or audit.
OBJECTS_BETWEEN_COLLECTIONS = 100_000


class LazyGroup(click.Group):
    """Finds a command in its module only when it is called or listed."""

    def list_commands(self, context):
        return list(COMMANDS)

    def get_command(self, context, name):
        if name not in COMMANDS:
            return None
        return importlib.import_module(f"python_jobs.{COMMANDS[name]}").main


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
def main() -> None:
    """Dealix: lead lists in, a queue of contacts out that a person may approve. It never sends anything."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    atexit.register(gc.freeze)


if __name__ == "__main__":
    main()
