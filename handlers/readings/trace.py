"""Annotations on the invocation's X-Ray trace, so that it can be found by device or batch.

Lambda traces the function itself; annotations need a subsegment, which goes to the daemon beside the function
as one UDP datagram (docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html). The X-Ray SDK would
do no more, and is in maintenance. Nothing is sent for what X-Ray does not sample.
"""

import json
import secrets
import socket
from collections.abc import Callable, Mapping

Send = Callable[[tuple[str, int], bytes], None]

_HEADER = '{"format": "json", "version": 1}\n'
_NAME = "readings"


def annotate(
    environment: Mapping[str, str],
    annotations: Mapping[str, str | int],
    began: int,
    ended: int,
    send: Send,
) -> None:
    """Send a subsegment with annotations; `began` and `ended` are milliseconds since the epoch."""
    fields = dict(part.partition("=")[::2] for part in environment.get("_X_AMZN_TRACE_ID", "").split(";"))
    host, _, port = environment.get("AWS_XRAY_DAEMON_ADDRESS", "").rpartition(":")
    if fields.get("Sampled") != "1" or "Root" not in fields or "Parent" not in fields or not port.isdigit():
        return
    subsegment = {
        "type": "subsegment",
        "name": _NAME,
        "id": secrets.token_hex(8),
        "trace_id": fields["Root"],
        "parent_id": fields["Parent"],
        "start_time": began / 1000,
        "end_time": ended / 1000,
        "annotations": annotations,
    }
    send((host, int(port)), (_HEADER + json.dumps(subsegment)).encode())


def send_datagram(address: tuple[str, int], datagram: bytes) -> None:
    """Send without waiting; a trace that is lost costs no reading."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
            daemon.setblocking(False)
            daemon.sendto(datagram, address)
    except OSError:
        return
