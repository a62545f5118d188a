"""Ports of the local AWS: all of them on loopback."""

import socket

from iotgen.errors import IotgenError
from iotgen.system import reason

HOST = "127.0.0.1"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def check_free(port: int) -> None:
    """Raise IotgenError where the port can't be listened on."""
    try:
        with socket.socket() as probe:
            # As the server does: a port that only lingers after its last use is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except (OSError, OverflowError) as error:
        why = reason(error) if isinstance(error, OSError) else "a port is a number from 1 to 65535"
        raise IotgenError(
            f"port {port} cannot be used for the local AWS: {why}",
            "Give another with --port, or none to have a free one chosen.",
        ) from error


def listening(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
