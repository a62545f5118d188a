"""Ports of the local AWS: all of them on loopback."""

import socket

from iotgen.errors import IotgenError
from iotgen.system import reason

HOST = "127.0.0.1"


def free_port() -> int:
    """Return a port that is currently free."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def check_free(port: int) -> None:
    """Raise IotgenError if the port cannot be used."""
    try:
        with socket.socket() as probe:
            # As the server does: a port in TIME_WAIT counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except (OSError, OverflowError) as error:
        why = reason(error) if isinstance(error, OSError) else "a port is a number from 1 to 65535"
        raise IotgenError(
            f"port {port} cannot be used for the local AWS: {why}",
            "Choose another one with `--port`, or omit `--port` to get a free one.",
        ) from error


def listening(port: int) -> bool:
    """Whether a process listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
