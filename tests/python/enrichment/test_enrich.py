"""Enrichment on a real warehouse: asked once, landed as it comes, decided in SQL, purged when it expires."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest
from google_server import KEY, as_json, details, query, shape
from lake import Lake, write_csv
from local_web import LocalWeb, answer, local_web

from python_jobs.command_line import Session
from python_jobs.enrich_accounts import enrich_accounts, planned
from python_jobs.enrichment.google_maps import GoogleMaps, open_client
from python_jobs.enrichment.google_search import GoogleSearch
from python_jobs.enrichment.provider import Question
from python_jobs.enrichment.run_enrichment import Scope
from python_jobs.enrichment.site_fetcher import FetchPolicy, SiteFetcher
from python_jobs.enrichment.website import Website

OWN_LIST = (
    "Company Name,Email,Phone,Website,City,Industry,Country,Place ID",
    "Beta Dental Center,info@beta-lake.sa,0112345602,beta-lake.sa,Riyadh,Dental clinic,SA,",
    "Gamma Legal Office,,0112345603,,Jeddah,Law firm,SA,",
    "Delta Broken Site,,0112345604,delta-lake.sa,Riyadh,Hospital,SA,",
    "Epsilon Closed,,0112345605,epsilon-lake.sa,Riyadh,Hospital,SA,ChIJclosed0001",
    "Zeta Unknown Place,,,zeta-lake.sa,Riyadh,Bakery,SA,ChIJgone000001",
    "Eta Bare Site,,,eta-lake.sa,Riyadh,Hospital,SA,",
    "Theta Bare Site,,,theta-lake.sa,Riyadh,Hospital,SA,",
)
GOOGLE_LIST = (
    "place_id,name,phone,website,formatted_address,sector,city,query,fetched_at",
    "ChIJsecret0001,Secret Clinic Alpha,+966112223344,https://secret-alpha.sa,Secret Street 7,dental_clinic,Riyadh,dentist in Riyadh,{now}",
    "ChIJsecret0002,Secret Clinic Old,+966112223355,https://secret-old.sa,Secret Street 8,dental_clinic,Riyadh,dentist in Riyadh,2020-01-01 00:00:00",
    'ChIJsecret0003,"Secret Clinic Broken,+966112223366',
)
HOME = """<html lang="ar"><head><title>Beta Dental Center</title><script src="https://cdn.salla.sa/x.js"></script>
<script src="//js.hs-scripts.com/1.js"></script></head><body>مركز بيتا لطب الأسنان في الرياض، نوظف الآن أطباء أسنان،
افتتاح فرع جديد قريبا. شركة رائدة في مجال طب الأسنان منذ سنوات طويلة وتقدم خدمات علاجية متكاملة لجميع أفراد العائلة.
<a href="mailto:info@beta-lake.sa">x</a><a href="mailto:ahmed.ali@beta-lake.sa">Ahmed</a><a href="tel:0112345699">t</a>
<a href="tel:0551234567">m</a><a href="https://wa.me/966551112223">wa</a><a href="/contact">اتصل بنا</a>
<a href="/careers">Careers</a><a href="/news/1">n</a></body></html>"""
BARE = """<html><body>Reach us: <a href="mailto:info@eta-lake.sa">m</a> <a href="tel:0112345706">t</a>
<a href="tel:920000111">group</a> <a href="https://wa.me/966551112224">wa</a> sara.ahmed@eta-lake.sa,
<a href="tel:0551234568">Sara</a>. Ministry: 0118887777. Site by <a href="mailto:info@studio-lake.sa">Studio</a>
"""
DEEP = Scope("deep", 25)


class LocalSites(Website):
    """The website provider, with every site on this machine: another port and no TLS."""

    def __init__(self, web: LocalWeb, stop_after: int | None = None):
        policy = FetchPolicy(host_delay=0, connect_timeout=1, read_timeout=1, total_timeout=2)
        super().__init__(SiteFetcher("test@dealix.example", policy, web.reach()))
        self.port, self.left, self.at_once = web.port, stop_after, 1 if stop_after else 50

    async def ask(self, question: Question):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise RuntimeError("the power is gone")
        asked = urlsplit(question.argument)
        local = f"http://{asked.hostname}:{self.port}{asked.path or '/'}"
        reply = await super().ask(dataclasses.replace(question, argument=local))
        return dataclasses.replace(reply, payload=reply.payload | {"url": question.argument})


def providers(web: LocalWeb) -> list:
    return [LocalSites(web), GoogleMaps(open_client(retry_timeout=1, timeout=1)), GoogleSearch(timeout=1)]


@pytest.fixture(scope="module")
def web():
    async def place_details(asked, writer):
        place_id = query(asked)["placeid"]
        replies = {
            "ChIJclosed0001": as_json(shape("PlaceDetailsResponseForPermanentlyClosedPlace")),
            "ChIJgone000001": as_json({"status": "NOT_FOUND"}),
        }
        live = as_json(details(name="Secret Details Live", website="https://live-lake.sa/"))
        writer.write(replies.get(place_id, live))

    async def search(asked, writer):
        hits = [
            (
                "https://www.yellowpages.com.sa/gamma",
                "Gamma Legal Office - Yellow Pages",
                "Jeddah 0112345603",
            ),
            ("https://www.facebook.com/gamma", "Gamma Legal Office", "Jeddah"),
            ("https://other-gamma.sa/", "Gamma Trading", "Dammam"),
            (
                "https://gamma-lake.sa/about",
                "Gamma Legal Office | Home",
                "Secret snippet: Jeddah, call 011 234 5603",
            ),
        ]
        items = [dict(zip(("link", "title", "snippet"), hit, strict=True)) for hit in hits]
        found = "Gamma" in query(asked)["q"]
        writer.write(as_json({"items": items} if found else {"searchInformation": {"totalResults": "0"}}))

    with local_web() as server:
        server.pages = {
            ("beta-lake.sa", "/"): answer(HOME),
            ("beta-lake.sa", "/careers"): answer("<title>Careers</title><p>We are hiring"),
            ("beta-lake.sa", "/contact"): answer("<p>office@beta-lake.sa"),
            ("gamma-lake.sa", "/"): answer("<title>Gamma</title><script>moyasar.init({})</script>"),
            ("delta-lake.sa", "/robots.txt"): answer("", 503),
            ("epsilon-lake.sa", "/"): answer("<p>permanently closed"),
            ("eta-lake.sa", "/"): answer(BARE),
            ("theta-lake.sa", "/"): answer('<a href="tel:920000111">group</a><a href="tel:0112345707">t</a>'),
            ("*", "/maps/api/place/details/json"): place_details,
            ("*", "/customsearch/v1"): search,
        }
        yield server


@pytest.fixture(scope="module")
def environment(web):
    patch = pytest.MonkeyPatch()
    patch.setenv("GOOGLE_MAPS_API_KEY", KEY)
    patch.setenv("GOOGLE_MAPS_BASE_URL", f"http://127.0.0.1:{web.port}")
    patch.setenv("GOOGLE_SEARCH_API_KEY", "k")
    patch.setenv("GOOGLE_SEARCH_ENGINE_ID", "e")
    patch.setenv("GOOGLE_SEARCH_BASE_URL", f"http://127.0.0.1:{web.port}")
    yield
    patch.undo()


@dataclasses.dataclass
class Story:
    """The warehouse after the whole story, and what was seen on the way."""

    lake: Lake
    session: Session
    plan: dict
    interrupted: list
    first: dict
    again: dict
    requests_of_second_run: int
    asked_twice: list


@pytest.fixture(scope="module")
def story(tmp_path_factory, web, environment) -> Story:
    folder = tmp_path_factory.mktemp("enrich")
    lake = Lake(folder / "lake")
    lake.folder.mkdir()
    lake.import_list(write_csv(folder / "own.csv", *OWN_LIST), "own list")
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    google = [line.replace("{now}", now) for line in GOOGLE_LIST]
    lake.dealix(
        "import", str(write_csv(folder / "google.csv", *google)),
        "--source-name", "maps", "--source-type", "google_maps",
    )  # fmt: skip
    lake.dealix("run")
    session = Session(lake.path, as_json=True)
    plan = planned(session, DEEP, providers(web))
    assert web.log == [], "a plan asks nobody"
    with pytest.raises(ExceptionGroup):
        enrich_accounts(session, DEEP, "Tester", [LocalSites(web, stop_after=2)])
    interrupted = lake.sql("select subject, status from raw.enrichment_results")
    first = enrich_accounts(session, DEEP, "Tester", providers(web))
    before = len(web.log)
    again = enrich_accounts(session, DEEP, "Tester", providers(web))
    requests = len(web.log) - before
    pages = [(asked.host, asked.path) for asked in web.log if asked.path != "/robots.txt"]
    lake.dealix("run")
    twice = [page for page in set(pages) if pages.count(page) > 1]
    return Story(lake, session, plan, interrupted, first, again, requests, twice)


def account(story: Story, name: str) -> str:
    return story.lake.value("select account_id from graph.accounts where company_name = ?", [name])


def test_the_plan_says_what_is_missing_and_what_it_costs(story):
    by_company = {(item["company_name"], item["endpoint"]): item for item in story.plan["questions"]}
    assert by_company["Beta Dental Center", "home"]["cost_sar"] == 0
    assert by_company["Gamma Legal Office", "homepage"]["missing"] == "a home page"
    assert by_company["Google Maps place ChIJsecret0002", "details"]["missing"] == "everything but its place"
    assert story.plan["cost_sar"] == pytest.approx(sum(item["cost_sar"] for item in story.plan["questions"]))


def test_an_interrupted_run_is_continued_and_nobody_is_asked_twice(story):
    assert len(story.interrupted) == 2
    assert story.first["answers"] > 5
    assert story.asked_twice == []
    assert (story.again["answers"], story.requests_of_second_run) == (0, 0)


def test_a_failure_is_landed_as_one_and_waits(story):
    assert story.lake.sql(
        "select status, count(*) from raw.enrichment_results where subject = ? group by status",
        [account(story, "Delta Broken Site")],
    ) == [("robots_status_503", 1)]


def test_the_home_page_is_chosen_by_evidence_and_not_by_rank(story):
    rows = story.lake.sql(
        "select url, is_accepted, points, evidence from graph.homepage_candidates order by points"
    )
    assert [(row[0], row[1]) for row in rows] == [
        ("https://other-gamma.sa/", False), ("https://gamma-lake.sa/", True),
    ]  # fmt: skip
    assert "phone_in_text" in rows[1][3]
    assert story.lake.value(
        "select technology from graph.site_technologies where account_id = ?", [account(story, "Gamma Legal Office")]
    ) == "moyasar"  # fmt: skip


def test_signals_carry_evidence_and_reach_the_score(story):
    beta = account(story, "Beta Dental Center")
    signals = {
        row[0]: row
        for row in story.lake.sql(
            "select signal_type || ':' || signal_value, confidence, evidence, source_url, detected_at"
            " from graph.signals where account_id = ?",
            [beta],
        )
    }
    for known in (
        "technology:salla",
        "technology:hubspot",
        "opening:افتتاح فرع",
        "site_language:ar, en",
    ):
        _, confidence, evidence, source_url, detected_at = signals[known]
        assert 0 < confidence <= 1 and evidence and source_url.startswith("http") and detected_at
    assert any(known.startswith("hire:") for known in signals)
    components = dict(
        story.lake.sql("select component, points from scoring.score_components where account_id = ?", [beta])
    )
    assert components["intent_technology_group"] == 10 and components["intent_technology_named"] == 5
    priorities = dict(
        story.lake.sql(
            "select company_name, priority from scoring.lead_scores inner join graph.accounts using (account_id)"
        )
    )
    assert priorities["Beta Dental Center"] == "P0"
    assert priorities["Gamma Legal Office"] == "P1"


def test_contacts_of_a_site_are_the_company_s_and_nobody_consented(story):
    points = story.lake.sql(
        "select kind, value, permitted_use, consent_status from graph.site_contact_points where account_id = ? order by 1, 2",
        [account(story, "Beta Dental Center")],
    )
    assert points == [
        ("email", "info@beta-lake.sa", "outbound", "unknown"),
        ("email", "office@beta-lake.sa", "outbound", "unknown"),
        ("phone", "+966112345699", "outbound", "unknown"),
        ("whatsapp", "+966551112223", "inbound_only", "unknown"),
    ]
    assert story.lake.value("select count(*) from raw.consent_events") == 0


def test_closed_and_unknown_places_leave_the_ready_queue(story):
    verdicts = {
        row[0]: (row[1], row[2])
        for row in story.lake.sql("select company_name, verdict, rule_ids from outreach.outreach_candidates")
    }
    assert verdicts["Epsilon Closed"][0] == "blocked" and "business_closed" in verdicts["Epsilon Closed"][1]
    assert (
        verdicts["Zeta Unknown Place"][0] != "ready" and "stale_place_id" in verdicts["Zeta Unknown Place"][1]
    )


def test_of_a_google_list_only_place_ids_and_our_query_are_landed(story):
    rows = story.lake.sql(
        "select payload from raw.raw_lead_rows inner join raw.raw_lead_imports using (import_id)"
        " where source_type = 'google_maps'"
    )
    assert len(rows) == 2
    for (payload,) in rows:
        assert set(json.loads(payload)) == {"place_id", "sector", "city", "query", "fetched_at"}
    assert (
        story.lake.value("select bool_or(contains(line_text, 'Secret')) from raw.raw_rejected_lines") is False
    )
    assert (
        story.lake.value("select count(*) from raw.parsed_phones where contains(raw_value, '112223344')") == 0
    )


def test_what_google_says_is_shown_while_fresh_with_its_name_and_stored_in_no_table(story):
    live = story.lake.sql("select name, attribution from graph.live_places order by place_id")
    assert ("Secret Details Live", "Google Maps") in live
    assert account(story, "Google Maps place ChIJsecret0001"), (
        "known by its place only, until it is known better"
    )
    assert (
        story.lake.value(
            "select count(*) from raw.enrichment_results where payload is not null and provider like 'google%'"
        )
        == 0
    )


def test_what_expired_is_gone_from_the_file(story, web, tmp_path):
    lake = story.lake.copy_to(tmp_path / "copy")
    with duckdb.connect(str(lake.path)) as connection:
        held = connection.execute("select count(*) from raw.google_cache").fetchone()[0]
        connection.execute("update raw.google_cache set expires_at = timestamp '2020-01-01'")
    assert lake.value("select count(*) from graph.live_places") == 0
    done = enrich_accounts(Session(lake.path, as_json=True), Scope("basic", 1), "Tester", [])
    assert done["answers_purged"] == held > 0
    remains = [
        (file.name, word)
        for file in Path(lake.folder).rglob("*")
        if file.is_file() and "target" not in file.parts
        for word in (
            "Secret Clinic",
            "Secret Street",
            "Secret Details",
            "Secret snippet",
            "secret-alpha",
            "112223344",
        )
        if word.encode() in file.read_bytes()
    ]
    assert remains == []
    assert lake.value("select count(*) from graph.accounts") == story.lake.value(
        "select count(*) from graph.accounts"
    )


def test_a_budget_is_kept(story, web, tmp_path):
    lake = story.lake.copy_to(tmp_path / "copy")
    with duckdb.connect(str(lake.path)) as connection:
        connection.execute("delete from raw.enrichment_results")
        connection.execute("delete from raw.google_cache")
    session = Session(lake.path, as_json=True)
    assert planned(session, Scope("standard", 25, budget=0.1), providers(web))["cost_sar"] <= 0.1
    done = enrich_accounts(session, Scope("standard", 25, budget=0.1), "Tester", providers(web))
    assert 0 < done["cost_sar"] <= 0.1
    assert {row["provider"] for row in planned(session, Scope("basic", 25), providers(web))["questions"]} <= {
        "website"
    }
