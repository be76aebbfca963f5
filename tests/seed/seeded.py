"""A made-up agency for some tests, rolled back after them; and what is asked of it, each question by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, Final

import pytest
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.desk import HOST
from tests.many import count_rows
from valetkey.accounts.models import Party, Person, User
from valetkey.audit.entry import Actor, Door
from valetkey.authorizations import services as authorizations
from valetkey.authorizations.models import Authorization
from valetkey.changes import services as changes
from valetkey.changes.models import Change
from valetkey.history.services import read_about, read_history
from valetkey.register import services as register
from valetkey.register.looking import moment
from valetkey.register.models import Access, AdAccount, Asset, Campaign, Engagement, Exposure, Surface
from valetkey.reviews.models import Review
from valetkey.reviews.services import reviews
from valetkey.seed import names
from valetkey.seed.agency import Agency, agency
from valetkey.seed.play import play

UNTIL: Final = date(2026, 11, 1)
NOW: Final = datetime.combine(UNTIL, time(), tzinfo=UTC)

_COUNTED: Final = 200
"""Acts between two counts."""

LISTS: Final = (
    "front", "record", "record_people", "record_parties", "record_assets", "authorizations", "requests", "given",
    "posts", "campaigns", "ad_accounts", "exposures", "engagements", "responsibilities", "changes", "reviews",
    "plans", "people", "history",
)  # fmt: skip


@contextmanager
def seeded(size: str, seed: int = 1) -> Iterator[Agency]:
    """A made-up agency that is gone after the block."""
    with rolled_back():
        made = agency(until=UNTIL, size=size, seed=seed)
        play(made, seed=seed, host=HOST, told=lambda done, _, __: count_rows() if done % _COUNTED == 0 else None)
        count_rows()
        yield made


@contextmanager
def rolled_back() -> Iterator[None]:
    """Services commit; here they do it inside of a test's own transaction, and rows are numbered from 1."""
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    with outer:
        with connection.cursor() as cursor:
            sequences = connection.introspection.sequence_list()
            for statement in connection.ops.sequence_reset_by_name_sql(no_style(), sequences):
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)


def actor(mail: str) -> Actor:
    user = User.objects.get(email=mail)
    return Actor(name=str(user), door=Door.WEB, user_id=user.pk)


def keeper() -> Party:
    return Party.objects.get(name=names.AGENCY)


class Busiest:
    """Of each kind the one with the most to it: what grows, grows there."""

    def __init__(self) -> None:
        ours = keeper()
        by_accesses = "-accesses__count", "pk"
        people = Person.objects.filter(kept_by=ours).annotate(Count("accesses")).order_by(*by_accesses)
        self.person = people[0]
        self.party = ours
        surfaces = Surface.objects.filter(asset__held_by=ours).annotate(Count("accesses")).order_by(*by_accesses)
        self.surface = surfaces[0]
        assets = Asset.objects.filter(held_by=ours).annotate(number=Count("surfaces__accesses"))
        self.asset = assets.order_by("-number", "pk")[0]
        self.access = Access.objects.filter(person=self.person).order_by("pk")[0]
        self.authorization = Authorization.objects.filter(advertiser=ours).order_by("-ends_at", "pk")[0]
        self.change = Change.objects.annotate(number=Count("steps")).order_by("-number", "pk")[0]
        self.review = Review.objects.annotate(number=Count("lines")).order_by("-number", "pk")[0]
        self.exposure = Exposure.objects.order_by("pk")[0]
        self.engagement = Engagement.objects.order_by("pk")[0]
        self.campaign = Campaign.objects.filter(ad_account__held_by=ours).order_by("pk")[0]
        self.ad_account = AdAccount.objects.filter(held_by=ours).order_by("pk")[0]

    def addresses(self) -> dict[str, str]:
        about: dict[str, Any] = {
            "record_person": self.person, "record_party": self.party, "record_asset": self.asset,
            "record_surface": self.surface, "record_access": self.access, "authorization": self.authorization,
            "stakes": self.authorization, "history_of": self.authorization, "change": self.change,
            "change_report": self.change, "review": self.review, "exposure": self.exposure,
            "engagement_change": self.engagement, "history_about": self.person, "campaign": self.campaign,
            "ad_account": self.ad_account,
        }  # fmt: skip
        found = {name: reverse(name, kwargs={"reference": row.reference}) for name, row in about.items()}
        return {**{name: reverse(name) for name in LISTS}, **found}

    def questions(self, who: Actor) -> dict[str, Callable[[], object]]:
        now = moment(None, zone="UTC", now=NOW)
        person, party, asset = self.person.reference, self.party.reference, self.asset.reference
        return {
            "who, of an asset": lambda: list(register.who_has_what(asset=asset, moment=now, actor=who)),
            "person": lambda: register.look_at_person(person=person, moment=now, actor=who),
            "party": lambda: register.look_at_party(party=party, moment=now, actor=who),
            "asset": lambda: register.look_at_asset(asset=asset, moment=now, actor=who),
            "surface": lambda: register.look_at_surface(surface=self.surface.reference, moment=now, actor=who),
            "access": lambda: register.look_at_access(access=self.access.reference, moment=now, actor=who),
            "map": lambda: register.map_of(asset=asset, moment=now, actor=who),
            "search": lambda: register.find_anything(text=self.person.name.split()[0], actor=who, at=NOW),
            "how it came": lambda: register.how_it_came(kind="person", reference=person, actor=who),
            "losing": lambda: authorizations.losing(person=self.person, actor=who, at=NOW),
            "stakes": lambda: authorizations.stakes(authorization=self.authorization, actor=who, at=NOW),
            "changes": lambda: list(changes.changes(actor=who, all_of_them=True)),
            "report": lambda: changes.report(change=self.change),
            "reviews": lambda: list(reviews(actor=who)),
            "history": lambda: read_history(actor=HOST),
            "history about": lambda: read_about(reference=person, actor=who),
        }


def asked(made: Agency) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """Of each service and each page, for several people: how many queries it took, and how long the page is."""
    busiest = Busiest()
    queries: dict[tuple[str, str], int] = {}
    sizes: dict[tuple[str, str], int] = {}
    for name, question in busiest.questions(actor(made.head)).items():
        with CaptureQueriesContext(connection) as captured:
            question()
        queries["service", name] = len(captured)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: NOW)
        people = {"head": made.head, "member": made.member, "creator": made.creator, "admin": made.admin}
        for who, mail in people.items():
            client = Client()
            client.force_login(User.objects.get(email=mail))
            for name, address in busiest.addresses().items():
                with CaptureQueriesContext(connection) as captured:
                    answer = client.get(address)
                # Who it is nothing of is told so: of interest is what the others get.
                if answer.status_code == 200:
                    queries[who, name], sizes[who, name] = len(captured), len(answer.content)
    return queries, sizes
