#!/usr/bin/env python3
"""Check a signed export of a Valetkey history. Needs Python 3.9 or newer and the package `cryptography`, not Valetkey.

    python verify_history.py FILE [--key KEY] [--head DIGEST] [--earlier FILE]

--key      the desk's public key: a PEM file, or its fingerprint (64 characters), got from the desk in another way
--head     a digest noted earlier: it must be in the chain
--earlier  an earlier export of the same desk: what both hold must be the same

Says what holds and what does not, and names the first line that does not. Leaves with 0 when everything holds, with 1
when something does not, with 2 when it could not look. docs/history.md tells what each line of the file is.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

FORMAT = "valetkey-history/1"
BEFORE_DIGEST, AFTER_DIGEST = b'{"digest":"', b'","entry":'
DIGEST_LENGTH = 64
BREAKS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Broken(Exception):
    """Something that does not hold, as a sentence."""


def read(path):
    """The header, the lines of the entries, and the signature over everything before it."""
    raw = Path(path).read_bytes()
    lines = raw.splitlines(keepends=True)
    try:
        header = json.loads(lines[0])
        if header["format"] != FORMAT:
            raise Broken(f"Line 1: this is not a file of the form {FORMAT}.")
        first, last, previous = header["first"], header["last"], header["previous"]
        head = header["head"]["seq"], header["head"]["digest"]
        header["verified"].get("fault")
        if not all(type(one) is int for one in (first, last, head[0])) or type(previous) is not str:
            raise ValueError
    except (IndexError, *BREAKS):
        raise Broken("Line 1: there is no header that could be read.") from None
    try:
        signature = base64.b64decode(json.loads(lines[-1])["signature"], validate=True)
    except BREAKS:
        raise Broken(f"Line {len(lines)}: the signature is missing, so the end of the file was cut off.") from None
    return header, lines[1:-1], signature, raw[: -len(lines[-1])]


def walk(header, lines):
    """Each entry of the chain as (number, digest). Raises Broken at the first line that does not hold."""
    previous, expected = header["previous"], header["first"]
    for number, line in enumerate(lines, 2):
        entry, digest, own = parts(line, number, expected)
        if entry["seq"] != expected:
            more = "is missing" if entry["seq"] > expected else "was put in a second time"
            raise Broken(f"Line {number}: entry {min(entry['seq'], expected)} {more}.")
        if entry["previous"] != previous:
            raise Broken(
                f"Line {number}: entry {expected} does not follow the entry before it: "
                "one of the two was altered, or a line was removed or put in here."
            )
        if own != digest:
            raise Broken(f"Line {number}: entry {expected} was altered after it was written.")
        yield expected, digest
        previous, expected = digest, expected + 1
    if expected <= header["last"]:
        raise Broken(f"Line {len(lines) + 2}: entry {expected} is missing, and whatever follows it.")
    if expected - 1 > header["last"]:
        raise Broken(f"Line {len(lines) + 1}: entry {expected - 1} was put in: the file ends with {header['last']}.")
    if header["last"] == header["head"]["seq"] and previous != header["head"]["digest"]:
        raise Broken("Line 1: the head in the header is not the digest of the last entry.")


def parts(line, number, expected):
    """The entry, the digest that stands beside it, and the digest of the very bytes that stand there."""
    text = line.rstrip(b"\n")
    start = len(BEFORE_DIGEST)
    digest, rest = text[start : start + DIGEST_LENGTH], text[start + DIGEST_LENGTH :]
    altered = Broken(f"Line {number}: entry {expected} was altered: it cannot be read any more.")
    if not text.startswith(BEFORE_DIGEST) or not rest.startswith(AFTER_DIGEST) or not rest.endswith(b"}"):
        raise altered
    canonical = rest[len(AFTER_DIGEST) : -1]
    try:
        entry = json.loads(canonical)
        if type(entry["seq"]) is not int or type(entry["previous"]) is not str:
            raise ValueError
        return entry, digest.decode("ascii"), hashlib.sha256(canonical).hexdigest()
    except BREAKS:
        raise altered from None


def compare(mine, earlier_path):
    """What both files hold must be the same, and the later one must reach as far."""
    header, lines, _, _ = read(earlier_path)
    theirs = dict(walk(header, lines))
    for seq in sorted(theirs):
        if seq in mine and mine[seq] != theirs[seq]:
            raise Broken(
                f"Entry {seq} is not what it was in the earlier file: the history was written anew from there."
            )
    return header["head"]["seq"], header["head"]["digest"]


def fingerprint(key):
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def key_in(header):
    try:
        key = load_der_public_key(base64.b64decode(header["key"]["public"]))
    except BREAKS:
        raise Broken("Line 1: there is no public key that could be read.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Broken("Line 1: the public key is not of the kind Ed25519.")
    if header["key"].get("fingerprint") != fingerprint(key):
        raise Broken("Line 1: the fingerprint beside the public key is that of another key.")
    return key


def check_key(key, known):
    """`known`: a PEM file or a fingerprint."""
    if Path(known).is_file():
        known = fingerprint(load_pem_public_key(Path(known).read_bytes()))
    if fingerprint(key) != known.strip().lower():
        raise Broken("The key in this file is not the one you know: another desk, or somebody else, signed it.")


def check_signature(key, signature, body):
    try:
        key.verify(signature, body)
    except InvalidSignature:
        raise Broken("The signature does not hold: the file was altered after the desk signed it.") from None


def check_known(mine, header, seq, digest):
    """A head known from before must be in the chain; where its number is known too, in that very place."""
    held = {header["first"] - 1: header["previous"], **mine}
    if digest in held.values() and (seq is None or held.get(seq) == digest):
        return
    if seq is not None and seq > header["head"]["seq"]:
        raise Broken(
            f"Entries up to {seq} were there before, and the history now ends with {header['head']['seq']}: "
            f"entry {header['head']['seq'] + 1} and what followed were removed."
        )
    if seq is not None and not header["first"] - 1 <= seq <= header["last"]:
        return  # outside of what this file holds
    raise Broken(
        "The head you know is not in this file: entries were removed or replaced, or the range is another one."
    )


def faults(arguments):
    """Every sentence about something that does not hold. Empty: it holds."""
    header, lines, signature, body = read(arguments.file)
    key, mine = key_in(header), {}

    def chain():
        mine.update(walk(header, lines))

    def earlier():
        if arguments.earlier:
            check_known(mine, header, *compare(mine, arguments.earlier))

    steps = [
        chain,
        lambda: check_signature(key, signature, body),
        lambda: check_key(key, arguments.key) if arguments.key else None,
        lambda: check_known(mine, header, None, arguments.head.strip().lower()) if arguments.head else None,
        earlier,
    ]
    found = []
    for step in steps:
        try:
            step()
        except Broken as broken:
            found.append(str(broken))
    fault = header["verified"].get("fault")
    if fault:
        found.append(f"The desk itself found this when it made the file: {fault}")
    say(f"{header.get('desk')}, exported {header.get('exported_at')}: entries {header['first']} to {header['last']}")
    say(f"key {fingerprint(key)}" + ("" if arguments.key else "  (from the file itself: compare it with the desk's)"))
    return found


def say(text):
    """What stands in a file may be anything: a control character would steer the terminal and hide the verdict."""
    print("".join(one if one.isprintable() else "\ufffd" for one in text))


def main():
    description, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=rest, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--key", default="")
    parser.add_argument("--head", default="")
    parser.add_argument("--earlier", default="")
    arguments = parser.parse_args()
    try:
        found = faults(arguments)
    except Broken as broken:
        found = [str(broken)]
    except (OSError, ValueError) as error:
        print(f"It could not be checked: {error}", file=sys.stderr)
        return 2
    for sentence in found:
        say(sentence)
    print("It does not hold." if found else "It holds." if arguments.key else "It holds, if this is the desk's key.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
