"""Contact points that a company's own site publishes: contacts of the company, through the same gate."""

import sys
from pathlib import Path

import duckdb
from lake import Lake, write_csv
from test_enrich import account, environment, story, web  # noqa: F401

sys.path.append(str(Path(__file__).parents[1] / "graph"))
from test_incremental_build import differences, rebuilt

ETA = "Eta Bare Site"


def contacts(lake: Lake, account_id: str) -> dict[str, tuple]:
    """Mailbox or number -> kind of contact, consent, verdict and rules of its channel."""
    rows = lake.sql(
        """
        select coalesce(email, phone_e164), contact_kind, consent_status, verdict, array_to_string(rule_ids, ', ')
        from graph.contacts inner join compliance.live_verdicts using (account_id, contact_id)
        where account_id = ?
        """,
        [account_id],
    )
    return {row[0]: row[1:] for row in rows}


def test_what_the_company_publishes_itself_is_ready_and_what_is_doubtful_needs_review(story):  # noqa: F811
    eta = account(story, ETA)
    assert contacts(story.lake, eta) == {
        "info@eta-lake.sa": ("company", "unknown", "ready", ""),
        "+966112345706": ("company", "unknown", "ready", ""),
        "+966920000111": ("company", "unknown", "needs_review", "site_contact_unconfirmed"),
        "+966118887777": ("company", "unknown", "needs_review", "site_contact_unconfirmed"),
        "info@studio-lake.sa": ("company", "unknown", "needs_review", "site_contact_unconfirmed"),
    }
    best = story.lake.sql(
        "select verdict, email, source_names, approval_required from outreach.outreach_candidates where account_id = ?",
        [eta],
    )
    assert best == [("ready", "info@eta-lake.sa", "website", True)]
    assert (
        story.lake.value("select count(*) from graph.contact_identifiers where value = 'info@beta-lake.sa'")
        == 1
    )
    points = dict(
        story.lake.sql("select component, points from scoring.score_components where account_id = ?", [eta])
    )
    assert (points["access_email"], points["access_phone"], points["quality_both_contacts"]) == (5, 5, 6)


def test_what_is_not_known_of_a_published_contact_needs_review(story):  # noqa: F811
    ready = """
        select count(*) from compliance.ready_verdicts inner join graph.contacts using (contact_id)
        where source_names = 'website'
    """
    assert story.lake.value(ready) > 0
    with duckdb.connect(str(story.lake.path)) as connection:
        for column in ("doubt", "hash"):
            connection.begin()
            connection.execute(f"update graph.site_contact_points set {column} = null")
            assert connection.execute(ready).fetchone() == (0,), column
            connection.rollback()


def test_why_says_where_it_was_published(story):  # noqa: F811
    told = story.lake.run("why", "info@eta-lake.sa")
    assert told.returncode == 0 and "published on its home page: http://eta-lake.sa" in told.stdout
    whatsapp = story.lake.dealix("why", "+966551112224", status=0)["accounts"][0]
    assert ("whatsapp", "inbound_only") in {
        (point["kind"], point["permitted_use"]) for point in whatsapp["published_contact_points"]
    }
    assert story.lake.run("why", "sara.ahmed@eta-lake.sa").returncode == 1


def test_why_shows_what_google_says_only_while_it_is_fresh(story, tmp_path):  # noqa: F811
    told = story.lake.run("why", "ChIJsecret0001")
    assert "Google Maps says (ChIJsecret0001" in told.stdout and "Secret Details Live" in told.stdout
    lake = story.lake.copy_to(tmp_path / "copy")
    with duckdb.connect(str(lake.path)) as connection:
        connection.execute("update raw.google_cache set expires_at = timestamp '2020-01-01'")
    told = lake.run("why", "ChIJsecret0001", "--form", str(tmp_path / "form.html"))
    assert "ChIJsecret0001" in told.stdout and "Secret" not in told.stdout + told.stderr


def test_an_opt_out_counts_at_once(story, tmp_path):  # noqa: F811
    eta = account(story, ETA)
    by_phone = story.lake.copy_to(tmp_path / "phone")
    by_phone.dealix("suppress", "--phone", "0112345706", "--reason", "asked")
    verdicts = {point: row[2] for point, row in contacts(by_phone, eta).items()}
    assert verdicts["+966112345706"] == "blocked" and "ready" not in verdicts.values()
    # Gamma's site was found by a search: no list names its domain.
    by_domain = story.lake.copy_to(tmp_path / "domain")
    by_domain.dealix("suppress", "--domain", "eta-lake.sa", "--reason", "asked")
    by_domain.dealix("suppress", "--domain", "gamma-lake.sa", "--reason", "asked")
    assert {row[2] for row in contacts(by_domain, eta).values()} == {"blocked"}
    assert {row[2] for row in contacts(by_domain, account(story, "Gamma Legal Office")).values()} == {
        "blocked"
    }


def test_new_lists_meet_what_sites_publish(story, tmp_path):  # noqa: F811
    lake = story.lake.copy_to(tmp_path / "lake")
    eta, theta = account(story, ETA), account(story, "Theta Bare Site")
    (old_id,) = lake.sql("select contact_id from graph.contacts where email = 'info@eta-lake.sa'")[0]
    rows = (
        "Company Name,Email,Phone,Website,City,Opt Out",
        "Eta Bare Site,info@eta-lake.sa,,eta-lake.sa,Riyadh,",
        "Somebody Else,,0112345707,,Tabuk,yes",
    )
    lake.import_list(write_csv(tmp_path / "new.csv", *rows), "new")
    assert lake.dealix("run")["mode"] == "incremental"
    # The list has the say of the mailbox, under the old id too; an unrelated opt-out reaches the site's number.
    assert lake.sql(
        "select consent_status, source_names from graph.contacts where email = 'info@eta-lake.sa'"
    ) == [("owned", "new")]
    assert lake.value(
        "select email from graph.contacts inner join graph.contact_aliases using (contact_id) where alias_id = ?", [old_id]
    ) == "info@eta-lake.sa"  # fmt: skip
    assert contacts(lake, theta)["+966112345707"][2] == "blocked"
    assert contacts(lake, eta)["+966112345706"][2] == "ready"
    assert differences(lake, rebuilt(lake, tmp_path / "rebuilt")) == {}


def test_an_erasure_reaches_them_and_old_ones_leave(story, tmp_path):  # noqa: F811
    lake = story.lake.copy_to(tmp_path / "lake")
    eta, theta = account(story, ETA), account(story, "Theta Bare Site")
    with duckdb.connect(str(lake.path)) as connection:
        connection.execute(
            "update raw.enrichment_results set fetched_at = fetched_at - interval 200 day where subject = ?",
            [theta],
        )
    lake.dealix("erase", "info@eta-lake.sa", "--yes")
    assert b"info@eta-lake.sa" not in lake.path.read_bytes()
    assert "info@eta-lake.sa" not in contacts(lake, eta)
    assert not {"+966112345707", "+966920000111"} & set(contacts(lake, theta))
