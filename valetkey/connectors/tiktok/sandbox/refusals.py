"""How the stand-in says no: a code of TikTok's own list and a message, raised by any rule, rolled back as a whole.

Decides the form of a refusal. The numbers and names are the wire's; sentences are ours where TikTok's are unknown.
"""

from __future__ import annotations

from valetkey.connectors.tiktok import wire

from .switches import Settings


class Refusal(Exception):
    """Answered as HTTP 200 with this `code` and `message`. The message never holds a code or a token."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{int(code)}: {message}")
        self.code = int(code)
        self.message = message


def parameter(field: str, problem: str) -> Refusal:
    """40002 with the field's name in the message, as TikTok does (C2)."""
    return Refusal(wire.ErrorCode.PARAMETER_ERROR, f"{field}: {problem}")


def malformed(problem: wire.Malformed) -> Refusal:
    if problem.path == "grant_type":
        return Refusal(wire.ErrorCode.BAD_GRANT_TYPE, f"grant_type {problem.problem}")
    return Refusal(wire.ErrorCode.PARAMETER_ERROR, f"{problem.path} {problem.problem}".strip())


def missing(thing: str) -> Refusal:
    return Refusal(wire.ErrorCode.NOT_FOUND, f"The {thing} does not exist.")


def spark(settings: Settings, error: wire.SparkCodeError, sentence: str) -> Refusal:
    """A help-center error of a Spark code. Name and number C; that the API says it so is a *choice* (doubt 1)."""
    code: int = wire.ErrorCode.PARAMETER_ERROR
    if settings["code_error_number"] == "help_center" and error.number is not None:
        code = error.number
    return Refusal(code, f"{error.value}: {sentence}")
