"""The operator's desk: the commands on one small warehouse, called in this process for speed."""

import json
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result
from lake import Lake

from python_jobs.cli import main

CUSTOMER = "Customer One"
ALL = ("--priority", "P0,P1,P2,P3")
OWN_LIST = (
    "Company Name,Contact Name,Email,Mobile,Phone,Website,City,Industry,Opt Out",
    "Beta Hospital,,sales@beta-desk.sa,,0112345602,beta-desk.sa,الرياض,Hospital,no",
    "Gamma Schools,,office@gamma-desk.sa,,0112345603,gamma-desk.sa,Jeddah,School,",
    "=Delta Law,,contact@delta-desk.sa,,0112345604,delta-desk.sa,Riyadh,Law firm,",
    "Zeta Bakery,,orders@zeta-desk.sa,,0112345606,zeta-desk.sa,Riyadh,Bakery,yes",
)
PAID_LIST = (
    "اسم الشركة;الجوال;الهاتف;البريد الإلكتروني;الموقع الإلكتروني;المدينة;النشاط",
    "شركة إيوتا;;0112345609;info@iota-desk.sa;iota-desk.sa;الرياض;مقاولات",
)


@dataclass(frozen=True)
class Desk:
    """The commands on one warehouse, as the operator calls them."""

    lake: Lake

    def run(self, *arguments: object) -> Result:
        """The command's status and text."""
        return CliRunner().invoke(main, [str(part) for part in arguments])

    def answer(self, *arguments: object, status: int = 0) -> dict:
        """The JSON answer of a command that must end with `status`."""
        done = self.run(*arguments, "--json")
        assert done.exit_code == status, f"{arguments}: {done.exit_code}\n{done.output}\n{done.exception!r}"
        return json.loads(done.stdout)

    def items(self) -> dict[str, dict]:
        """The queue's items by company."""
        return {item["company_name"]: item for item in self.answer("queue")["items"]}

    def approved(self, *companies: str) -> dict[str, str]:
        """Queue ids by company, approved."""
        items = self.items()
        ids = {company: items[company]["queue_id"] for company in companies}
        self.answer("approve", *ids.values(), "--by", "Approver")
        return ids

    def events(self, event: str) -> list[tuple]:
        return self.lake.sql(
            "select queue_id, actor, recipient, purpose, reason from raw.outreach_events"
            " where event = ? order by occurred_at, queue_id",
            [event],
        )


def desk_at(folder: Path, monkeypatch) -> Desk:
    """The desk of the warehouse in this folder; the environment names it until the test ends."""
    lake = Lake(folder)
    monkeypatch.setenv("DEALIX_WAREHOUSE", str(lake.path))
    monkeypatch.setenv("DEALIX_OPERATOR", "Test Operator")
    return Desk(lake)
