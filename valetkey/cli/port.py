"""A port of this machine: refused in one sentence when it cannot be listened on."""

from __future__ import annotations

import socket

from valetkey.errors import Conflict


def refuse_taken(host: str, port: int) -> None:
    """Before anything is said: one answer, not an address that nobody listens on and then a refusal."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as fault:
        raise port_in_use(port, fault) from None


def port_in_use(port: int, fault: OSError) -> Conflict:
    return Conflict("port_in_use", f"Port {port} cannot be used: {fault.strerror or fault}.", "Choose another --port.")
