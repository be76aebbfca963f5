"""What somebody without an account does with a hand-over's link: look, prove their mail address, see the code.

The link is their authority, and the policy knows them as strangers. Looks and numbers stay in the hand-over's row and
out of the history: who only holds a link must not be able to fill it, nor to make the two sides' own steps collide.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, QuerySet

from valetkey.audit.entry import GUEST, Actor
from valetkey.audit.services import writing
from valetkey.authorizations import links
from valetkey.authorizations.lifecycle import ENDING, Drift, State, Verb
from valetkey.authorizations.links import Life, Standing
from valetkey.authorizations.models import Authorization, HandOver, Reveal
from valetkey.authorizations.services.hand_over import moment
from valetkey.authorizations.services.open import no_such_link, reveal, reveal_detail
from valetkey.authorizations.services.transition import move
from valetkey.errors import Conflict, Invalid
from valetkey.mail.send import send
from valetkey.secret import Secret
from valetkey.vault import keyring

DIGITS: Final = 8
NUMBER_LASTS: Final = timedelta(minutes=10)
TRIES: Final = 5
BETWEEN_NUMBERS: Final = timedelta(minutes=1)
NUMBERS_A_DAY: Final = 10
"""At most fifty guesses a day at one in a hundred million."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Shared:
    """What the visitor of a link is shown. The code is not in it and was not even decrypted."""

    hand_over: HandOver
    standing: Standing
    authorization: Authorization

    @property
    def is_ending(self) -> bool:
        """The link is open and the code is not given out any more, because the two sides are ending it."""
        return self.standing is Standing.OPEN and self.authorization.state in ENDING

    @property
    def asks_for_proof(self) -> bool:
        """Without a mail address, it is for people of the two sides who are signed in."""
        return bool(self.hand_over.mail)


def find_hand_over(*, link: Secret) -> HandOver:
    """The hand-over of a link. Raises NotFound for a link that nobody made."""
    found = _rows().filter(link_digest__in=keyring().fingerprints(link)).first()
    if found is None:
        raise no_such_link()
    return found


def look_at_hand_over(*, hand_over: HandOver, counts: bool, at: datetime) -> Shared:
    """What the link is about, in whatever standing it is. `counts`: this is a new visit, and its sender sees it."""
    if counts:
        HandOver.objects.filter(pk=hand_over.pk).update(views=F("views") + 1, viewed_at=at)
    hand_over = _rows().get(pk=hand_over.pk)
    return Shared(hand_over, standing_of_link(hand_over, at), hand_over.authorization)


def standing_of_link(hand_over: HandOver, at: datetime) -> Standing:
    row = hand_over.authorization
    return links.hand_over_standing(
        State(row.state),
        Life(hand_over.ends_at, hand_over.ended_at),
        # When an authorization ends, its links end at that very moment.
        was_stopped=hand_over.ended_at is not None and hand_over.ended_at != row.ended_at,
        is_past=row.ends_at is not None and at >= row.ends_at,
        is_superseded=_is_superseded(row),
        at=at,
    )


def send_proof(*, hand_over: HandOver, at: datetime) -> None:
    """Mail a new number to the hand-over's address; an older one is worth nothing any more.

    Raises Conflict for a link that is not open, too soon or too often, and when the mail could not be sent.
    """
    hand_over = _still_open(hand_over, at)
    number = Secret(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")
    _claim_number(hand_over, number, at)
    post = hand_over.authorization.post
    context = {
        "recipient": hand_over.recipient,
        "creator": post.held_by.name,
        "number": number.reveal(),
        "ends_at": moment(at + NUMBER_LASTS),
        "why": f"somebody opened the link that {post.held_by.name} made for {hand_over.recipient}",
    }
    if not send(to=hand_over.mail, template="proof", context=context):
        raise Conflict(
            "mail_not_sent",
            "The mail with the number could not be sent.",
            "Try again in a minute. If it fails again, ask whoever gave you the link: their desk cannot send mail now.",
        )


def prove(*, hand_over: HandOver, number: Secret, at: datetime) -> None:
    """Whether this is the number that was mailed. Returns when it is, once; the door then knows its visitor.

    Raises Invalid for a wrong number, Conflict when there is none that could be tried.
    """
    hand_over = _still_open(hand_over, at)
    digest = hand_over.proof_digest
    if not digest:
        raise Conflict("no_number", "There is no number that could be tried.", "Have one mailed to you first.")
    if hand_over.proof_sent_at is None or at >= hand_over.proof_sent_at + NUMBER_LASTS:
        raise Conflict("number_ended", "This number has ended: it lasts 10 minutes.", _HAVE_A_NEW_ONE)
    mine = HandOver.objects.filter(pk=hand_over.pk, proof_digest=digest)
    # Counted before it is compared, and only while one is left: two at the same moment are two tries.
    if not mine.filter(proof_tries__lt=TRIES).update(proof_tries=F("proof_tries") + 1):
        if not mine.exists():
            raise _number_gone()
        raise Conflict("no_tries_left", f"{TRIES} wrong numbers were typed.", _HAVE_A_NEW_ONE)
    if not _is_number(hand_over, number, digest):
        hand_over.refresh_from_db(fields=["proof_tries"])
        left = TRIES - hand_over.proof_tries
        raise Invalid(
            "wrong_number",
            "This is not the number in the newest mail.",
            f"Tries left: {left}." if left else _HAVE_A_NEW_ONE,
        )
    if not mine.update(proof_digest="", proven_at=at):
        raise _number_gone()


def open_shared(*, hand_over: HandOver, how: Reveal.How = Reveal.How.SHOWN, actor: Actor, at: datetime) -> Secret:
    """The code in the clear, for the guest whose proof the door has seen. The reveal is on disk before it leaves.

    The guest goes into the record by the address they proved, whatever name the door gave them. Raises Conflict unless
    the link is open, and ValueError for anybody but a guest: who has an account opens it as themselves.
    """
    if actor.user_id != GUEST:
        raise ValueError("Only a guest comes by the link alone.")
    with writing(durable=True):
        # In here, so that a link stopped at this very moment shows nothing any more.
        hand_over = _still_open(hand_over, at)
        if hand_over.proven_at is None:
            raise Conflict(
                "not_proven", "Nobody has proven this mail address yet.", "Have a number mailed to you and type it."
            )
        guest = replace(actor, name=f"{hand_over.mail}, by link")
        authorization = hand_over.authorization
        move(
            authorization,
            Verb.OPEN,
            actor=guest,
            at=at,
            detail=reveal_detail({"by_link": True, "recipient": hand_over.recipient}, how),
            changes={"opened_at": authorization.opened_at or at},
        )
        return reveal(authorization, hand_over=hand_over, how=how, actor=guest, at=at)


_HAVE_A_NEW_ONE: Final = "Have a new one mailed to you."


def _rows() -> QuerySet[HandOver]:
    """With all that a page tells of them, and without the code."""
    rows = HandOver.objects.select_related(
        "authorization__post__held_by", "authorization__advertiser", "authorization__agreed_ad_account"
    )
    return rows.defer("authorization__code")


def _still_open(hand_over: HandOver, at: datetime) -> HandOver:
    """The row as it is now. Raises Conflict unless a guest may be shown the code by it."""
    hand_over = _rows().get(pk=hand_over.pk)
    authorization = hand_over.authorization
    creator = authorization.post.held_by.name
    if not hand_over.mail:
        raise Conflict(
            "sign_in_needed",
            "This link is for people of the two sides who are signed in.",
            "Sign in and open it again.",
        )
    standing = standing_of_link(hand_over, at)
    if standing is not Standing.OPEN:
        ended_at = Life(hand_over.ends_at, hand_over.ended_at).end()
        raise links.closed_hand_over(standing, creator=creator, ended_at=ended_at)
    if authorization.state in ENDING:
        raise Conflict(
            "end_under_way",
            "This authorization is being ended, so its code is not given out any more.",
            f"If you still need the post, write to {creator}.",
        )
    return hand_over


def _is_superseded(row: Authorization) -> bool:
    """There is a successor with a code, or the platform was seen with another code for the post."""
    return Drift.OTHER_CODE.name in row.drift or row.replaced_by.exclude(code_fingerprint=None).exists()


def _claim_number(hand_over: HandOver, number: Secret, at: datetime) -> None:
    """Compare-and-set: of two that ask at the same moment one has a number mailed."""
    sent_at, since, sent = hand_over.proof_sent_at, hand_over.proofs_since, hand_over.proofs_sent
    if sent_at is not None and at < sent_at + BETWEEN_NUMBERS:
        raise _just_sent()
    if since is None or at >= since + _DAY:
        since, sent = at, 0
    if sent >= NUMBERS_A_DAY:
        raise Conflict(
            "too_many_numbers",
            f"{NUMBERS_A_DAY} numbers were mailed within a day, which is all there are.",
            f"The next one can be sent from {moment(since + _DAY)} on.",
        )
    mine = HandOver.objects.filter(pk=hand_over.pk, proof_sent_at=sent_at, ended_at=None)
    if not mine.update(
        proof_digest=_digest(hand_over, number)[0],
        proof_sent_at=at,
        proof_tries=0,
        proofs_since=since,
        proofs_sent=sent + 1,
    ):
        raise _just_sent()


def _number_gone() -> Conflict:
    return Conflict("number_used", "This number was used or replaced at this very moment.", _HAVE_A_NEW_ONE)


def _just_sent() -> Conflict:
    return Conflict(
        "number_just_sent",
        "A number was mailed less than a minute ago.",
        "Look into the mailbox, and among the spam; after a minute a new one can be sent.",
    )


def _is_number(hand_over: HandOver, number: Secret, digest: str) -> bool:
    """In constant time, and under every key of the ring. Spaces in it are how people copy numbers."""
    typed = Secret("".join(number.reveal().split()))
    found = [hmac.compare_digest(one, digest) for one in _digest(hand_over, typed)]
    return any(found)


def _digest(hand_over: HandOver, number: Secret) -> list[str]:
    """Tied to this hand-over: the same number of another one has another digest. The newest key's comes first."""
    return keyring().fingerprints(Secret(f"{hand_over.pk}:{number.reveal()}"))
