"""What a webhook says and how it is signed, which addresses it may go to, and who may add, change and end one."""

from __future__ import annotations

import json
import re
import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.desk import AT, HOST, Desk
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.notices.models import Delivery, Endpoint
from valetkey.notices.services import (
    MadeEndpoint,
    add_endpoint,
    collect_deliveries,
    deliver,
    end_endpoint,
    endpoints,
    find_endpoint,
    replay,
    rotate_endpoint,
)
from valetkey.notices.webhooks import (
    KINDS,
    PATIENCE,
    STEPS,
    body,
    facts,
    fit,
    headers,
    new_secret,
    next_try,
    payload,
    prefixes,
    target,
    wants,
)
from valetkey.vault.rotation import rotate

PUBLIC: Final = "93.184.215.14"
INSIDE: Final = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]


def refusal(url: str, *addresses: str, networks: Any = ()) -> str:
    try:
        fit(target(url), addresses, networks)
    except Invalid as refused:
        assert "example" not in refused.sentence and refused.next_step
        return refused.code
    return ""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:4136:e378::1",
        "2001:db8::1", "100::1", "fec0::1", "feff::1", "3fff::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused_even_among_others(address: str) -> None:
    assert refusal("https://example.org/", address) == "webhook_private"
    assert refusal("https://example.org/", PUBLIC, address) == "webhook_private"


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", f"::ffff:{PUBLIC}"])
def test_what_is_public_goes_by_https_to_its_usual_ports(address: str) -> None:
    assert not refusal("https://example.org/", address) and not refusal("https://example.org:8443/a?b=c", address)
    for url in (
        "http://example.org/",
        "https://example.org:22/",
        "https://example.org:6379/",
        "http://example.org:443/",
    ):
        assert refusal(url, address) == "webhook_https", url


def test_listed_networks_are_open_by_http_too_and_nothing_beside_them() -> None:
    for url in ("http://chat.example:8080/", "https://chat.example/", "http://chat.example/"):
        assert not refusal(url, "10.1.2.3", networks=INSIDE) and not refusal(url, "fd00::7", networks=INSIDE)
        assert refusal(url, "10.2.0.1", networks=INSIDE) == "webhook_private"
        assert refusal(url, "10.1.2.3", "127.0.0.1", networks=INSIDE) == "webhook_private"
    assert refusal("http://chat.example/", "10.1.2.3", PUBLIC, networks=INSIDE) == "webhook_https"
    assert not refusal("https://chat.example/", "::ffff:10.1.2.3", networks=INSIDE)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "ftp://example.org/", "javascript:alert(1)", "https://", "https:///path", "https://@/",
        "https://bo:secret@example.org/", "https://bo@example.org/", "https://@example.org/", "https://example.org/#x",
        "https://example.org:0/", "https://example.org:99999/", "https://example.org:x/", "https://exa mple.org/",
        "https://example.org\\@10.0.0.1/", "https://example.org/a b", "https://[::1", "https://[::1%25eth0]/",
        "https://[fe80::1%eth0]/", "https://-example.org/", "https://exam_ple..org\n/", "https://example.org/ä",
        "https://" + "a" * 70 + ".org/", "https://exa%6dple.org/", "//example.org/", "https://[10.0.0.1]/",
        "https://exa\tmple.org/", "https://example.org/a\nb", "https://example.org/" + "a" * 500,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        target(url)
    assert refused.value.code == "webhook_address" and "secret" not in str(refused.value)


def test_an_address_is_taken_apart_once() -> None:
    there = target("https://Hooks.Example.ORG:8443/a/b?c=d")
    assert (there.host, there.port, there.path, there.host_header) == (
        "hooks.example.org", 8443, "/a/b?c=d", "hooks.example.org:8443",
    )  # fmt: skip
    (address,) = fit(there, [PUBLIC], [])
    assert there.at(address) == f"https://{PUBLIC}:8443/a/b?c=d" and there.server_name == "hooks.example.org"
    bare = target("https://[2606:2800::1]")
    assert (bare.host_header, bare.server_name, bare.path) == ("[2606:2800::1]", None, "/")
    assert target("https://münchen.example/").host == "xn--mnchen-3ya.example"


def test_a_day_of_tries_each_further_from_the_last() -> None:
    at, tries, moments = AT, 0, []
    until: datetime | None = AT
    while until is not None:
        at, tries = until, tries + 1
        moments.append(at - AT)
        until = next_try(tries, at=at, give_up_at=AT + PATIENCE)
    assert moments[:4] == [timedelta(0), timedelta(seconds=5), timedelta(seconds=65), timedelta(seconds=365)]
    assert moments[-1] == timedelta(days=1) and len(moments) == len(STEPS) + 2
    gaps = [after - before for before, after in zip(moments, moments[1:], strict=False)]
    assert sorted(gaps[:-1]) == gaps[:-1]


def test_only_facts_go_out_and_no_word_that_somebody_wrote() -> None:
    detail = {
        "days": 30, "ends_at": "2026-12-02T09:00:00+00:00", "ends_on": "2026-12-02", "rule": "ends_before_campaign",
        "of": "K4PWZ7N", "drift": ["ENDS_EARLIER"], "severity": "urgent", "times": 2, "by": None,
        "name": "Jo Berg", "mail": "jo@example.org", "reason": "They asked.", "note": "x", "sentence": "It ends.",
        "person": "Kim", "platform": "Their words", "code": "#AbC+dEf/12345678=", "recipient": "Kai", "party": "Mara",
        "since": "as Kim told me", "number": True, "level": "as an admin, kim@example.org", "end": "#AbC+dEf/1234=",
    }  # fmt: skip
    assert facts(detail) == {
        "days": 30, "ends_at": "2026-12-02T09:00:00+00:00", "ends_on": "2026-12-02", "rule": "ends_before_campaign",
        "of": "K4PWZ7N", "drift": ["ENDS_EARLIER"], "severity": "urgent", "times": 2,
    }  # fmt: skip


def test_what_is_wanted_goes_by_whole_words() -> None:
    assert (
        wants([], "finding.opened") and wants(["finding."], "finding.opened") and wants(["finding"], "finding.opened")
    )
    assert wants(["finding.opened"], "finding.opened") and not wants(["finding.open"], "finding.opened")
    assert not wants(["access"], "finding.opened")
    for event in ("user.created", "token.made", "webhook.added", "feed.made", "desk.exported", "invitation.made"):
        assert not wants([], event)
    assert prefixes(["finding.", "authorization.issue", "finding."]) == ["authorization.issue", "finding."]
    for wrong in ("user.", "webhook", "Finding", "finding..x", "", "finding.opened; drop"):
        with pytest.raises(Invalid) as refused:
            prefixes([wrong])
        assert refused.value.code == "webhook_event"


def test_both_secrets_sign_while_one_is_changed() -> None:
    now = datetime.now(UTC)
    text = body(payload(event="finding.opened", at=AT, subject="finding K4PWZ7N", party="ABC2345", detail={"days": 3}))
    assert text == (
        '{"data":{"facts":{"days":3},"party":"ABC2345","subject":{"kind":"finding","reference":"K4PWZ7N"}},'
        '"timestamp":"2026-11-02T09:00:00Z","type":"finding.opened"}'
    )
    new, old, other = new_secret(), new_secret(), new_secret()
    sent = headers("msg_1", now, text, [new, old])
    for secret in (new, old):
        assert Webhook(secret.reveal()).verify(text, sent)["type"] == "finding.opened"
    for changed, with_what in ((text, other), (text.replace("3", "4"), new)):
        with pytest.raises(WebhookVerificationError):
            Webhook(with_what.reveal()).verify(changed, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(new.reveal()).verify(text, headers("msg_1", now - timedelta(minutes=6), text, [new]))


def test_the_receiver_in_the_docs_works() -> None:
    """docs/webhooks.md, as it stands there."""
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
    program: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)[0], program)  # noqa: S102  # our own page
    said = re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)[0]
    told = json.loads(said)["data"]["facts"]
    assert facts(told) == told and wants([], json.loads(said)["type"])
    secret = new_secret()
    text = body(json.loads(said))
    sent = headers("msg_1", datetime.now(UTC), text, [secret])
    assert [program["receive"](text.encode(), sent, secret.reveal()) for _ in range(2)] == [204, 204]
    assert program["seen"] == {"msg_1"}
    assert program["receive"](text.encode() + b" ", sent, secret.reveal()) == 400
    told_kinds = page.partition("What is told begins with")[2].partition("`--event`")[0]
    assert tuple(re.findall(r"`([a-z_]+)`", told_kinds)) == KINDS
    hours = sum(STEPS[4:], timedelta()).total_seconds() / 3600
    assert (hours, STEPS[:4]) == (1 + 2 + 4 + 8 + 8, tuple(timedelta(seconds=each) for each in (5, 60, 300, 1800)))


# With a desk


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names stand for, instead of asking the network."""
    known: dict[str, list[str]] = {"hooks.example.org": [PUBLIC]}

    def answer(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in known[host]]

    monkeypatch.setattr("valetkey.notices.services.reach.socket.getaddrinfo", answer)
    return known


def added(desk: Desk, **given: Any) -> MadeEndpoint:
    usual = {"party": desk.advertiser, "url": "https://hooks.example.org/desk", "actor": desk.bo, "at": desk.at}
    return add_endpoint(**{**usual, **given})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/", "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/", "https://[::1]/",
        "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/latest/meta-data/", "https://10.1.2.3/",
        "https://0/", "https://[fe80::1]/", "https://127.0.0.1:8443/",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused_at_adding_however_it_is_spelled(desk: Desk, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        added(desk, url=url)
    assert refused.value.code == "webhook_private" and not Endpoint.objects.exists()


@pytest.mark.django_db
def test_a_name_that_leads_inside_is_refused_and_so_is_one_that_nobody_knows(
    desk: Desk, names: dict[str, list[str]], settings: Any
) -> None:
    names["inside.example.org"], names["both.example.org"] = ["10.1.0.7"], [PUBLIC, "10.1.0.7"]
    for host, code in (("inside", "webhook_private"), ("both", "webhook_private"), ("no", "webhook_unknown_host")):
        with pytest.raises(Invalid) as refused:
            added(desk, url=f"https://{host}.example.org/")
        assert refused.value.code == code
    settings.VALETKEY_WEBHOOK_NETWORKS = INSIDE
    assert added(desk, url="http://inside.example.org:8080/").endpoint.url == "http://inside.example.org:8080/"


@pytest.mark.django_db
def test_a_name_that_leads_inside_later_is_never_spoken_to(desk: Desk, names: dict[str, list[str]]) -> None:
    row = added(desk).endpoint
    desk.campaign()
    assert collect_deliveries(at=desk.at) == 1
    names["hooks.example.org"] = ["127.0.0.1"]
    assert deliver(at=desk.at).faults == 1
    delivery = Delivery.objects.get(endpoint=row)
    assert (delivery.state, delivery.status, delivery.fault) == ("waiting", None, "This address is not public.")
    names.clear()
    assert deliver(at=desk.later(minutes=1)).faults == 1
    delivery.refresh_from_db()
    assert delivery.fault == "Nobody knows this host."


@pytest.mark.django_db
def test_it_is_a_managers_and_the_secret_is_nowhere_else(desk: Desk, names: dict[str, list[str]]) -> None:
    for actor, kind in ((desk.kim, Forbidden), (desk.viewer, Forbidden), (desk.auditor, Forbidden),
                        (desk.stranger, NotFound), (desk.mara, NotFound)):  # fmt: skip
        with pytest.raises(Refused) as refused:
            added(desk, actor=actor)
        assert type(refused.value) is kind
    made = added(desk, events=["finding."])
    row = made.endpoint
    for do in (rotate_endpoint, end_endpoint, replay):
        for actor in (desk.kim, desk.stranger):
            with pytest.raises((Forbidden, NotFound)):
                do(endpoint=row, actor=actor, at=desk.at)
    assert [see(actor, row) for actor in (desk.bo, desk.admin, desk.auditor, HOST)] == [True] * 4
    assert not any(see(actor, row) for actor in (desk.kim, desk.viewer, desk.stranger, desk.mara))
    entry = Entry.objects.get(event="webhook.added")
    assert entry.detail == {"party": "Northwind", "host": "hooks.example.org", "events": ["finding."]}
    assert made.secret.reveal() not in str(Endpoint.objects.values_list("secret", flat=True).query)
    assert made.secret.reveal().startswith("whsec_") and Endpoint.objects.get().secret == made.secret


def see(actor: Actor, row: Endpoint) -> bool:
    try:
        find_endpoint(reference=row.reference, actor=actor)
    except NotFound:
        return False
    return endpoints(actor=actor).exists()


@pytest.mark.django_db
def test_a_new_secret_leaves_the_old_one_a_day_and_an_end_leaves_none(desk: Desk, names: dict[str, list[str]]) -> None:
    first = added(desk)
    second = rotate_endpoint(endpoint=first.endpoint, actor=desk.bo, at=desk.at)
    row = Endpoint.objects.get()
    assert (row.secret, row.old_secret, row.old_secret_until) == (
        second.secret,
        first.secret,
        desk.at + timedelta(days=1),
    )
    deliver(at=desk.later(hours=23))
    assert Endpoint.objects.get().old_secret == first.secret
    deliver(at=desk.later(hours=1))
    assert Endpoint.objects.get().old_secret is None
    desk.campaign()
    collect_deliveries(at=desk.at)
    end_endpoint(endpoint=row, actor=desk.admin, at=desk.at)
    end_endpoint(endpoint=row, actor=desk.admin, at=desk.at)
    row.refresh_from_db()
    assert (row.secret, row.old_secret, row.ended_at) == (None, None, desk.at)
    assert Delivery.objects.get().state == "dead"
    for late in (rotate_endpoint, replay):
        with pytest.raises(Conflict) as refused:
            late(endpoint=row, actor=desk.bo, at=desk.at)
        assert refused.value.code == "webhook_ended"
    events = list(Entry.objects.filter(subject=row.subject).order_by("seq").values_list("event", flat=True))
    assert events == ["webhook.added", "webhook.rotated", "webhook.ended"]


@pytest.mark.django_db
def test_keys_rotate_over_both_secrets(desk: Desk, names: dict[str, list[str]]) -> None:
    rotate_endpoint(endpoint=added(desk).endpoint, actor=desk.bo, at=desk.at)
    assert rotate().rows["notices.Endpoint"] == 1
    assert Endpoint.objects.get().secret != Endpoint.objects.get().old_secret


@pytest.mark.django_db
def test_a_party_has_enough_at_some_point(desk: Desk, names: dict[str, list[str]]) -> None:
    for _ in range(10):
        added(desk)
    with pytest.raises(Conflict, match="10 webhooks"):
        added(desk)
    end_endpoint(endpoint=Endpoint.objects.first() or Endpoint(), actor=desk.bo, at=desk.at)
    added(desk)
