"""Hand messages to their receivers, several at once: to the very address that was checked, within ten seconds.

No redirect is followed, no proxy of the environment is used, and of what is answered only the status is read.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import httpx

from valetkey.errors import Invalid
from valetkey.notices.services.reach import addresses
from valetkey.notices.webhooks import Address, Target, target

PATIENCE: Final = 10.0
"""Seconds, for all of it: a receiver that answers a letter at a time does not hold up the others."""
_GONE: Final = 410


@dataclass(frozen=True)
class Message:
    url: str
    body: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """`status` None: there was none. `fault`: in our words, without a word of the address or of what was answered.

    `seconds`: how long it took.
    """

    status: int | None = None
    fault: str = ""
    seconds: float = 0.0

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == _GONE


def post(messages: Sequence[Message]) -> list[Answer]:
    """What each receiver answered, in their order."""
    return asyncio.run(_post_all(messages))


async def _post_all(messages: Sequence[Message]) -> list[Answer]:
    context = httpx.create_ssl_context()
    # A thread for each name: the loop's own are few, and are waited for. A name server may never answer.
    lookups = ThreadPoolExecutor(max_workers=len(messages) or 1, thread_name_prefix="lookup")
    try:
        return list(await asyncio.gather(*(_post(each, context, lookups) for each in messages)))
    finally:
        lookups.shutdown(wait=False, cancel_futures=True)


async def _post(message: Message, context: ssl.SSLContext, lookups: Executor) -> Answer:
    begun = time.monotonic()
    answer = await _tried(message, context, lookups)
    return replace(answer, seconds=time.monotonic() - begun)


async def _tried(message: Message, context: ssl.SSLContext, lookups: Executor) -> Answer:
    try:
        async with asyncio.timeout(PATIENCE):
            where = target(message.url)
            known = await asyncio.get_running_loop().run_in_executor(lookups, addresses, where)
            async with httpx.AsyncClient(verify=context, trust_env=False, timeout=PATIENCE) as client:
                return await _to_first(client, message, where, known)
    except Invalid as refused:
        return Answer(fault=refused.sentence)
    except TimeoutError:
        return Answer(fault=f"There was no answer within {PATIENCE:g} seconds.")
    except (httpx.HTTPError, ssl.SSLError, OSError) as fault:
        return Answer(fault=_fault(fault))


async def _to_first(client: httpx.AsyncClient, message: Message, where: Target, known: list[Address]) -> Answer:
    """The next one only where nobody was reached, so that nothing is said twice."""
    for number, address in enumerate(known, start=1):
        try:
            return await _to(client, message, where, address)
        except httpx.ConnectError:
            if number == len(known):
                raise
    return Answer(fault="There was nobody to connect to.")


async def _to(client: httpx.AsyncClient, message: Message, where: Target, address: Address) -> Answer:
    headers = {**message.headers, "host": where.host_header}
    named = {"sni_hostname": where.server_name} if where.server_name else {}
    content = message.body.encode()
    async with client.stream("POST", where.at(address), content=content, headers=headers, extensions=named) as answer:
        return Answer(answer.status_code, _of_status(answer.status_code))


def _of_status(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"It answered {status}; redirects are not followed."
    return f"It answered {status}."


def _fault(fault: Exception) -> str:
    if isinstance(fault, httpx.TimeoutException):
        return f"There was no answer within {PATIENCE:g} seconds."
    if isinstance(fault, httpx.ConnectError):
        is_about_trust = "CERTIFICATE_VERIFY_FAILED" in str(fault)
        return "Its certificate is not trusted." if is_about_trust else "It could not be reached."
    return "The connection broke before it answered."
