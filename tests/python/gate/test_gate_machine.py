"""Random days of an operator on one lake: nobody who must not be contacted is ever ready or in a file.

A state machine calls the real commands on a real warehouse in any order. What may be contacted is judged
by a small notebook of its own (`Notebook`), which knows only what it told the commands, and never by a
view of the project. It says who must not be contacted; whoever it does not name may be ready or not.

DEALIX_TEST_DAYS=200 tries so many days (default 3), each with more steps and builds.
"""

import csv
import json
import os
import re
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, count
from pathlib import Path

import duckdb
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from lake import Lake, write_csv

from python_jobs.cli import main

DAYS = int(os.environ.get("DEALIX_TEST_DAYS") or 0)
STEPS, BUILDS = (40, 6) if DAYS else (10, 1)

HEADER = "Company,Contact,Email,Phone,Website,City,Sector,Opt Out,Remarks"
COMPANIES = ("alpha", "beta", "gamma", "delta")
CUSTOMER = "Customer One"
OWNED = ("owned", "customer_relationship", "owned", "low")
PUBLIC = ("public", "public_business_contact", "", "low")
ASKED = ("--reason", "asked", "--by", "Officer")

# A view that asks the gate about few -> the same rows where everybody is judged.
SAME_ANSWERS = {
    "outreach.outreach_ready": "from outreach.outreach_candidates where verdict = 'ready'",
    "outreach.queue_verdicts": "from compliance.live_verdicts"
    " where account_id in (select account_id from outreach.queue_verdicts)",
}


@dataclass(frozen=True)
class Person:
    """One contact as every list spells it: a mailbox and a number that nobody else has."""

    company: str
    email: str
    phone: str
    name: str = ""

    @property
    def domain(self) -> str:
        return f"{self.company}-gate-test.sa"

    @property
    def is_company(self) -> bool:
        return not self.name


# The companies' own contact points are those of the gate's lake; the people come with later lists.
OFFICES = [
    Person("alpha", "info@alpha-gate-test.sa", "+966112345701"),
    Person("beta", "sales@beta-gate-test.sa", "+966112345702"),
    Person("gamma", "office@gamma-gate-test.sa", "+966112345703"),
    Person("delta", "contact@delta-gate-test.sa", "+966112345704"),
]
PEOPLE = [
    Person("alpha", "noura.saleh@alpha-gate-test.sa", "+966501234701", "Noura Saleh"),
    Person("alpha", "badr.hassan@alpha-gate-test.sa", "+966501234711", "Badr Hassan"),
    Person("beta", "sami.omar@beta-gate-test.sa", "+966501234702", "Sami Omar"),
    Person("gamma", "reem.fahd.gate@gmail.com", "+966501234703", "Reem Fahd"),
]
CONTACTS = OFFICES + PEOPLE
BY_POINT = {point: person for person in CONTACTS for point in (person.email, person.phone)}
# Of the lake as it was built before: one company there opted out in the list itself.
OPTED_OUT_BEFORE = ("orders@epsilon-gate-test.sa", "+966112345705")


@dataclass
class Landed:
    """One import as it was handed over. `built`: the last build has seen it."""

    people: tuple[Person, ...]
    opted_out: tuple[Person, ...]
    is_owned: bool
    built: bool = False
    withdrawn: bool = False
    left_out: bool = False


@dataclass
class Approval:
    """What a person approved, word for word."""

    content: tuple
    is_expired: bool = False


@dataclass
class Notebook:
    """What was told to the commands, and who must not be contacted after that."""

    imports: dict[str, Landed] = field(default_factory=dict)
    # (kind, value, scope): the last word on it; True is an opt-out.
    suppressed: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    replied_no: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    decisions: dict[frozenset, bool] = field(default_factory=dict)
    built_decisions: dict[frozenset, bool] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)
    is_built: bool = True

    def companions(self, company: str) -> set[str]:
        """The companies that are one with this, as of the last build; only where nothing contradicts."""
        found = {company}
        while True:
            more = {
                name for pair, same in self.built_decisions.items() if same and pair & found for name in pair
            }
            if more <= found:
                break
            found |= more
        apart = any(self.built_decisions.get(frozenset(pair)) is False for pair in combinations(found, 2))
        return {company} if apart else found

    def has_consent(self, person: Person) -> bool:
        return any(self.consents.get(point) for point in (person.email, person.phone))

    def points(self, person: Person) -> set[str]:
        """The values that the contact is still known by."""
        return {person.email, person.phone} - self.erased

    def is_opted_out(self, person: Person, channel: str, customer: str | None) -> str | None:
        """Why this contact may not be approached on this channel, by its own values and its company's."""
        points = {("email" if "@" in point else "phone", point) for point in self.points(person)}
        points |= {("domain", point.split("@")[1]) for point in self.points(person) if "@" in point}
        points |= {("account", company) for company in self.companions(person.company)}
        points |= {("domain", f"{company}-gate-test.sa") for company in self.companions(person.company)}
        for (kind, value, scope), stands in self.suppressed.items():
            if stands and (kind, value) in points and scope in ("all", channel, f"customer:{customer}"):
                return f"{kind} {value} is suppressed for {scope}"
        for landed in self.imports.values():
            if person in landed.opted_out and not landed.withdrawn:
                return "opted out in a list"
        if not self.points(person) or (not person.is_company and self.points(person) & self.erased):
            return "erased"
        if person.email in self.replied_no and self.points(person) == {person.email, person.phone}:
            return "opted out in a reply"
        if any(self.consents.get(point) is False for point in (person.email, person.phone)):
            return "withdrew its consent"
        return None

    def is_blocked(self, person: Person, channel: str, customer: str | None) -> str | None:
        """Why a row about this contact may not be there, whoever approved it."""
        if found := self.is_opted_out(person, channel, customer):
            return found
        sources = [landed for landed in self.imports.values() if person in landed.people]
        if not any(landed.built and not landed.left_out for landed in sources):
            return "no list that is built names it"
        companies = self.companions(person.company)
        for landed in self.imports.values():
            gone = landed.built and landed.withdrawn and not landed.left_out
            if gone and any(one.company in companies for one in landed.people):
                return "a list behind its company was withdrawn"
        in_graph = [landed for landed in sources if landed.built and not landed.left_out]
        has_to_consent = not self.has_consent(person) and not all(landed.is_owned for landed in in_graph)
        if "gmail.com" in person.email and has_to_consent:
            return "a personal mailbox without consent"
        return None

    def is_not_ready(self, person: Person, channel: str) -> str | None:
        """Why a row about this contact may not be shown as ready."""
        if found := self.is_blocked(person, channel, None):
            return found
        companies = self.companions(person.company)
        for other in CONTACTS:
            if other.company in companies and other != person and self.is_known(other):
                reaches = other.is_company or not person.is_company
                if reaches and self.is_opted_out(other, channel, None):
                    return f"{other.email} of the same company opted out"
        sources = [
            landed
            for landed in self.imports.values()
            if person in landed.people and landed.built and not landed.left_out
        ]
        has_to_consent = not self.has_consent(person) and not all(landed.is_owned for landed in sources)
        if not person.is_company and has_to_consent:
            return "a person without consent"
        return None

    def is_known(self, person: Person) -> bool:
        """Whether the built graph has to know this contact."""
        return bool(self.points(person)) and any(
            person in landed.people and landed.built and not landed.left_out
            for landed in self.imports.values()
        )


class Operator(RuleBasedStateMachine):
    """The steps. `lake` and `files` are set by the test."""

    lake: Lake
    files: Path
    seen: Counter
    first_import: str

    def __init__(self):
        super().__init__()
        self.book = Notebook()
        self.book.imports[self.first_import] = Landed(tuple(OFFICES), (), is_owned=True, built=True)
        self.builds = BUILDS
        self.released_as: dict[tuple[str, str], str] = {}
        self.numbers = count(1)
        for name in ("dealix.duckdb", "dealix.key"):
            shutil.copy2(self.files / name, self.lake.folder / name)

    def call(self, *arguments: object, allowed: tuple[int, ...] = (0,)) -> dict:
        done = CliRunner().invoke(main, [*map(str, arguments), "--json"])
        assert done.exit_code in allowed, f"{arguments}: {done.exit_code}\n{done.output}\n{done.exception!r}"
        return {**json.loads(done.stdout), "status_code": done.exit_code}

    def accounts(self) -> dict[str, str]:
        """Company -> its account today, by the company's own mailbox."""
        rows = self.lake.sql("select value, account_id from graph.contact_identifiers where kind = 'email'")
        return {BY_POINT[value].company: account for value, account in rows if value in BY_POINT}

    @initialize()
    def a_morning(self):
        self.call("customer", "add", CUSTOMER, "--onboarded-on", "2020-01-01")
        self.prepare(CUSTOMER)
        self.approve("looked at it")

    @rule(
        people=st.lists(st.sampled_from(CONTACTS), min_size=1, max_size=3, unique=True),
        opted_out=st.lists(st.booleans(), min_size=3, max_size=3),
        is_owned=st.booleans(),
    )
    def import_a_list(self, people, opted_out, is_owned):
        number = next(self.numbers)
        # Rarely, or nobody would be left after a few lists.
        flagged = [
            p for p, a, b in zip(people, opted_out, opted_out[1:] + opted_out[:1], strict=False) if a and b
        ]
        lines = [
            f"{p.company.title()} Company,{p.name},{p.email},{p.phone},{p.domain},Riyadh,Hospital,"
            f"{'yes' if p in flagged else ''},list {number}"
            for p in people
        ]
        path = write_csv(self.files / f"list_{number}.csv", HEADER, *lines)
        kind, use, consent, risk = OWNED if is_owned else PUBLIC
        answer = self.call(
            "import", path, "--source-name", f"list {number}", "--source-type", kind, "--allowed-use", use,
            "--risk-level", risk, *(("--consent-status", consent) if consent else ()),
        )  # fmt: skip
        self.book.imports[answer["import_id"]] = Landed(tuple(people), tuple(flagged), is_owned)
        self.book.is_built = False

    @rule(
        person=st.sampled_from(CONTACTS),
        kind=st.sampled_from(["email", "phone", "domain", "account"]),
        scope=st.sampled_from(["all", "all", "email_warm", f"customer:{CUSTOMER}"]),
    )
    def opt_out(self, person, kind, scope):
        value = self.value_of(person, kind)
        if value is None:
            return
        said, key = value
        self.call("suppress", f"--{kind}", said, *self.scope_options(scope), "--yes", *ASKED)
        self.book.suppressed[kind, key, scope] = True

    @rule(data=st.data())
    def release(self, data):
        standing = sorted(entry for entry, stands in self.book.suppressed.items() if stands)
        if not standing:
            return
        kind, key, scope = data.draw(st.sampled_from(standing))
        said = self.released_as[kind, key] if kind == "account" else key
        self.call("release", f"--{kind}", said, *self.scope_options(scope), *ASKED)
        for entry in list(self.book.suppressed):
            # A release for everybody takes back what was said for one.
            if entry[:2] == (kind, key) and scope in ("all", entry[2]):
                self.book.suppressed[entry] = False

    @rule(person=st.sampled_from(PEOPLE), event=st.sampled_from(["--given", "--given", "--withdrawn"]))
    def consent(self, person, event):
        proof = ("--means", "form", "--evidence", "form 7") if event == "--given" else ()
        self.call("consent", event, "--email", person.email, *proof, "--by", "Officer")
        self.book.consents[person.email] = event == "--given"

    @rule(
        companies=st.lists(st.sampled_from(COMPANIES), min_size=2, max_size=2, unique=True),
        same=st.booleans(),
    )
    def decide_a_match(self, companies, same):
        records = [self.record_of(company) for company in companies]
        if None in records:
            return
        self.call("match", *records, "--same" if same else "--different", "--reason", "x", "--by", "Officer")
        self.book.decisions[frozenset(companies)] = same
        self.book.is_built = False

    @rule(data=st.data())
    def withdraw_a_list(self, data):
        standing = sorted(
            i for i, landed in self.book.imports.items() if not landed.withdrawn and i != self.first_import
        )
        if not standing:
            return
        import_id = data.draw(st.sampled_from(standing))
        self.call("withdraw", import_id, "--yes", *ASKED)
        self.book.imports[import_id].withdrawn = True
        self.book.is_built = False

    @precondition(lambda self: self.builds > 1)
    @rule(person=st.sampled_from(CONTACTS), by_phone=st.booleans())
    def erase(self, person, by_phone):
        self.builds -= 2
        value = person.phone if by_phone else person.email
        self.call("erase", value, "--yes", *ASKED)
        # Of a person everything goes, of a company's contact points only the one that was named.
        self.book.erased |= {value} if person.is_company else self.known_points(person) | {value}
        self.after_a_build()

    @rule(customer=st.sampled_from([CUSTOMER, None]))
    def prepare(self, customer):
        options = ("--customer", customer) if customer else ()
        self.call("prepare", "--priority", "P0,P1,P2,P3", *options, "--persist", "--by", "Operator")

    @rule(reason=st.sampled_from([None, "looked at it"]))
    def approve(self, reason):
        items = [item for item in self.call("queue")["items"] if item["status"] in ("queued", "expired")]
        if not items:
            return
        why = ("--reason", reason) if reason else ()
        ids = [item["queue_id"] for item in items]
        self.call("approve", *ids, *why, "--by", "Approver", allowed=(0, 1))
        now = {item["queue_id"]: item for item in self.call("queue")["items"]}
        for item in items:
            if now[item["queue_id"]]["status"] == "approved":
                assert item["verdict"] == "ready" or (item["verdict"] == "needs_review" and reason)
                self.book.approvals[item["queue_id"]] = Approval(content_of(item))

    @rule(data=st.data())
    def an_approval_grows_old(self, data):
        # Not of what left already: its approval stood when it did.
        fresh = sorted(
            i
            for i, approval in self.book.approvals.items()
            if not approval.is_expired and i not in self.book.exported
        )
        if not fresh:
            return
        queue_id = data.draw(st.sampled_from(fresh))
        with duckdb.connect(str(self.lake.path)) as connection:
            connection.execute(
                "update raw.outreach_events set occurred_at = occurred_at - interval 15 day,"
                " expires_at = expires_at - interval 15 day where event = 'approved' and queue_id = ?",
                [queue_id],
            )
        self.book.approvals[queue_id].is_expired = True

    @rule(data=st.data())
    def reject(self, data):
        approved = sorted(set(self.book.approvals) - self.book.exported)
        if not approved:
            return
        queue_id = data.draw(st.sampled_from(approved))
        self.call("reject", queue_id, "--reason", "no", "--by", "Approver", allowed=(0, 1))
        del self.book.approvals[queue_id]

    @rule(data=st.data(), outcome=st.sampled_from(["--opted-out", "--bounced"]))
    def an_answer_comes(self, data, outcome):
        if not self.book.exported:
            return
        queue_id = data.draw(st.sampled_from(sorted(self.book.exported)))
        item = {item["queue_id"]: item for item in self.call("queue")["items"]}[queue_id]
        person = person_of(item)
        done = self.call("outcome", queue_id, outcome, "--by", "Operator", allowed=(0, 1, 2))
        if done["status_code"] == 0 and outcome == "--opted-out" and person:
            self.book.replied_no.add(person.email)

    @precondition(lambda self: self.builds > 0 and not self.book.is_built)
    @rule()
    def build(self):
        self.builds -= 1
        self.call("run")
        self.after_a_build()

    @rule()
    def export(self):
        before = {item["queue_id"]: item for item in self.call("queue")["items"]}
        path = self.files / f"export_{next(self.numbers)}_{os.getpid()}.csv"
        path.unlink(missing_ok=True)
        self.call("export", "--out", path, "--by", "Operator", allowed=(0, 1))
        if not path.exists():
            return
        assert self.book.is_built, "a file was written from a build that does not know all facts"
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            item = before[row["queue_id"]]
            phone = "+" + re.sub(r"\D", "", row["phone"]) if row["phone"] else None
            assert (row["email"] or None, phone) == (item["email"], item["phone_e164"])
            self.check_item(item)
            assert row["queue_id"] not in self.book.exported, "exported twice"
            self.seen["exported"] += 1
        self.book.exported |= {row["queue_id"] for row in rows}

    def after_a_build(self):
        self.seen["builds"] += 1
        for landed in self.book.imports.values():
            landed.built, landed.left_out = True, landed.withdrawn
        self.book.built_decisions = dict(self.book.decisions)
        self.book.is_built = True

    def check_item(self, item):
        """An item that leaves, or may leave: not blocked, and approved as it stands."""
        assert {item["email"], item["phone_e164"]}.isdisjoint(self.book.erased), "erased"
        person = person_of(item)
        if person is not None:
            found = self.book.is_blocked(person, item["channel"], item["customer"])
            assert found is None, f"{item['company_name']} may be exported: {found}"
        approval = self.book.approvals.get(item["queue_id"])
        assert approval, f"{item['queue_id']} may be exported without an approval"
        assert not approval.is_expired, f"{item['queue_id']} may be exported on an expired approval"
        assert approval.content == content_of(item), f"{item['queue_id']}: another content was approved"

    def an_evening(self):
        """Whatever came in is built, looked at and exported: each day ends so."""
        if DAYS and self.builds == BUILDS and self.book.is_built:
            # The first day that hypothesis thinks of has no steps at all.
            self.import_a_list([PEOPLE[0], OFFICES[1]], [False] * 3, is_owned=True)
        if not self.book.is_built:
            self.builds = max(self.builds, 1)
            self.build()
        self.approve("looked at it")
        self.check()
        self.export()
        self.check()
        for view, judged in SAME_ANSWERS.items():
            assert self.rows(f"(from {view} except from ({judged}))") == [], view
            assert self.rows(f"(({judged}) except from {view})") == [], view

    def teardown(self):
        if sys.exc_info()[0] is None:
            self.an_evening()
        self.lake.path.unlink(missing_ok=True)

    def known_points(self, person: Person) -> set[str]:
        """The person's values, once any list with it is built."""
        return {person.email, person.phone} if self.book.is_known(person) else set()

    def value_of(self, person: Person, kind: str) -> tuple[str, str] | None:
        """How the value is said, and by what the notebook knows it."""
        if kind != "account":
            said = {"email": person.email, "phone": person.phone, "domain": person.domain}[kind]
            return said, said
        account = self.accounts().get(person.company)
        if account is None:
            return None
        self.released_as[kind, person.company] = account
        return account, person.company

    def record_of(self, company: str) -> str:
        """One record of the company, as IMPORT:ROW."""
        office = next(person for person in OFFICES if person.company == company)
        return self.lake.value(
            "select min(import_id || ':' || row_number) from normalised.lead_rows"
            " where account_id is not null and (email = ? or phone_e164 = ?)",
            [office.email, office.phone],
        )

    @staticmethod
    def scope_options(scope: str) -> tuple[str, ...]:
        if scope.startswith("customer:"):
            return ("--customer", CUSTOMER)
        return () if scope == "all" else ("--channel", scope)

    def check_invariants(self, settings=None, output=None, *more, **extra):
        super().check_invariants(settings, output, *more, **extra)
        self.check()

    def check(self):
        """Who is ready and what may leave, as the warehouse says now, against the notebook."""
        ready = self.rows("select channel, email, phone_e164, company_name from outreach.outreach_ready")
        for row in ready:
            assert {row["email"], row["phone_e164"]}.isdisjoint(OPTED_OUT_BEFORE)
            assert {row["email"], row["phone_e164"]}.isdisjoint(self.book.erased), f"{row} was erased"
            person = person_of(row)
            if person is None:
                continue
            found = self.book.is_not_ready(person, row["channel"])
            assert found is None, f"{row} is ready: {found}"
        exportable = self.rows("select * from outreach.outreach_exportable")
        assert self.book.is_built or not exportable, "exportable, and the build does not know all facts"
        for item in exportable:
            self.check_item(item)
            assert item["queue_id"] not in self.book.exported
        self.seen["ready"] += len(ready)
        self.seen["exportable"] += len(exportable)

    def rows(self, query: str) -> list[dict]:
        with duckdb.connect(str(self.lake.path), read_only=True) as connection:
            found = connection.execute(query)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def person_of(row: dict) -> Person | None:
    """The contact that a row is about; None for the lake's companies that no step speaks of."""
    people = {BY_POINT[point] for point in (row["email"], row["phone_e164"]) if point in BY_POINT}
    assert len(people) <= 1, f"one row shows two contacts: {row}"
    return people.pop() if people else None


def content_of(item: dict) -> tuple:
    """What the approver saw."""
    names = ("company_name", "contact_name", "channel", "email", "phone_e164", "message_draft", "verdict")
    return (*(item[name] for name in names), *sorted(item["rule_ids"]))


def test_nobody_who_must_not_be_contacted_is_ever_ready_or_exported(workplace):
    Operator.lake, Operator.files = workplace
    Operator.seen = Counter()
    Operator.first_import = Operator.lake.value("select import_id from raw.raw_lead_imports")
    run_state_machine_as_test(
        Operator,
        settings=settings(
            max_examples=DAYS or 3,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not DAYS,
            database=None,
            # A day takes half a minute: the steps that are printed have to be enough.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    # Days on which nobody was ready and nothing left the house would prove nothing.
    assert min(Operator.seen[what] for what in ("ready", "exportable", "exported", "builds")) > 0, (
        Operator.seen
    )
