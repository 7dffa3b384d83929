"""`dealix discover SECTOR CITY`: places on Google Maps as a list for the operator's screen."""

from pathlib import Path

import click

from python_jobs.command_line import Refusal, Session, command
from python_jobs.enrichment.discover_places import content_hours, discover, queries_of, sectors, write_places
from python_jobs.enrichment.google_maps import KEY, open_client


@command("discover", epilog=f"Sectors: {', '.join(sectors())}.")
@click.argument("sector")
@click.argument("city")
@click.option(
    "--max",
    "max_places",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="At most so many.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="F", help="The file. Default: SECTOR_CITY.csv here."
)
def main(session: Session, sector: str, city: str, max_places: int, out: Path | None) -> int:
    """Search Google Maps for SECTOR in CITY, in Arabic and English, and write the places as a CSV file.

    The file is for your screen: what Google says in it may be kept for a day, and the import (`dealix
    import F --source-type google_maps`) lands only the place ids and what we searched for. Needs
    GOOGLE_MAPS_API_KEY; without it nothing is asked.
    """
    queries_of(sector, city)
    client = open_client()
    if client is None:
        session.say(f"Google Maps is not asked: {KEY} is not set.")
        session.answer({"status": "skipped", "places": 0}, "Nothing was asked.")
        return 0
    found = discover(client, sector, city, max_places, session.say)
    if not found.places and found.problems:
        raise Refusal(f"Nothing was found: {found.problems[-1]}")
    path = out or Path(f"{sector}_{city}.csv".replace("/", "_").replace(" ", "_"))
    write_places(found.places, path)
    document = {
        "status": "partial" if found.problems else "found",
        "file": path,
        "places": len(found.places),
        "queries": found.queries,
        "problems": found.problems,
    }
    text = (
        f"{len(found.places)} places by {found.queries} queries in {path} (Google Maps; delete it within "
        f"{content_hours()} hours)."
    )
    session.answer(document, text)
    return 0


if __name__ == "__main__":
    main()
