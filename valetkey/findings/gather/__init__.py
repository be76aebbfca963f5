"""Gather from the record what the rules are told, and find the rows of which some rule could speak.

Reads, and decides nothing. What is said of a row depends on the record and the instant alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from valetkey.authorizations.models import Authorization
from valetkey.connectors.models import Connection
from valetkey.findings.facts import Facts
from valetkey.findings.finding import About
from valetkey.findings.gather import accesses, assets, authorizations, connections, live_codes, on_record
from valetkey.findings.gather.batches import BATCH, keys_of
from valetkey.findings.limits import Limits
from valetkey.register.models import Access, Asset, Engagement, Exposure
from valetkey.reviews.models import Review

__all__ = ["BATCH", "GATHERS", "Gather"]


@dataclass(frozen=True)
class Gather:
    """How one kind of subject is found and told of.

    `candidates(at, limits, parties)`: keys of all rows of which some rule could speak, and of more, in batches;
    narrowed to what concerns those parties, unless it is None. `facts(pks, at)`: in a number of queries that does not
    grow with the rows; of a row that is not there, or of which nothing can be said any more, there are none.
    `pks_of(references)`: of those there are.
    """

    candidates: Callable[[datetime, Limits, Collection[int] | None], Iterator[list[int]]]
    facts: Callable[[Collection[int], datetime], Sequence[Facts]]
    pks_of: Callable[[Collection[str]], list[int]]


GATHERS: Final[dict[About, Gather]] = {
    About.AUTHORIZATION: Gather(live_codes.candidates, authorizations.facts, partial(keys_of, Authorization)),
    About.ACCESS: Gather(accesses.candidates, accesses.facts, partial(keys_of, Access)),
    About.ASSET: Gather(assets.candidates, assets.facts, partial(keys_of, Asset)),
    About.EXPOSURE: Gather(on_record.exposures, on_record.exposure_facts, partial(keys_of, Exposure)),
    About.ENGAGEMENT: Gather(on_record.engagements, on_record.engagement_facts, partial(keys_of, Engagement)),
    About.REVIEW: Gather(on_record.reviews, on_record.review_facts, partial(keys_of, Review)),
    About.CONNECTION: Gather(connections.candidates, connections.facts, partial(keys_of, Connection)),
}
