"""What a site's robots.txt allows us: RFC 9309."""

from dataclasses import dataclass

from protego import Protego

# RFC 9309 2.5: a crawler has to read at least 500 KiB of it; what follows is not looked at.
ROBOTS_BYTES = 500 * 1024
LONGEST_DELAY = 60.0


@dataclass(frozen=True)
class RobotsRules:
    """Allows everything (`rules` None and not `closed`), nothing (`closed`), or what the file says."""

    closed: bool = False
    reason: str | None = None
    rules: Protego | None = None
    # Bytes of the text that the rules were read from.
    size: int = 0

    def allows(self, url: str, agent: str) -> bool:
        """Whether the user agent of this product name may fetch the URL."""
        if self.closed:
            return False
        return self.rules is None or self.rules.can_fetch(url, agent)

    def delay(self, agent: str) -> float:
        """The site's own Crawl-delay in seconds, at most a minute; 0 when it asks for none."""
        asked = self.rules.crawl_delay(agent) if self.rules is not None else None
        return min(float(asked or 0), LONGEST_DELAY)


def read_robots(status: int | None, body: bytes) -> RobotsRules:
    """The rules that follow from the answer to /robots.txt; `status` None: there was no answer.

    RFC 9309 2.3.1: 4xx means that there are no rules, 5xx and no answer that nothing may be fetched. 429
    asks us to go away, so it counts as 5xx (a choice of this project).
    """
    if status is None:
        return RobotsRules(closed=True, reason="robots_unreachable")
    if status == 429 or status >= 500:
        return RobotsRules(closed=True, reason=f"robots_status_{status}")
    if status >= 300:
        return RobotsRules()
    text = body[:ROBOTS_BYTES].decode("utf-8-sig", errors="replace")
    return RobotsRules(rules=Protego.parse(text), size=len(body[:ROBOTS_BYTES]))
