"""The ways that readings take through the pipelines, each counted on moto."""

from collections.abc import Callable, Sequence

from tests.bench import workload
from tests.bench.deployment import Deployment
from tests.bench.meter import Usage
from tests.bench.workload import Reading

READINGS = 1000
BATCH = 100


def readings_of(path: str) -> list[Reading]:
    """Give READINGS readings for a path."""
    return workload.of_one_device(READINGS) if path == "/query" else workload.mixed(READINGS)


def count(path: str, readings: Sequence[Reading], size: int) -> Usage:
    """Send readings along a path, `size` of them at a time, and give what that used.

    For `/query` they are there already, and are read in pages of that size. Needs moto's `mock_aws`.
    """
    deployment = Deployment()
    PATHS[path](deployment, readings, size)
    return deployment.usage


def _ingest(deployment: Deployment, readings: Sequence[Reading], size: int) -> None:
    for number, body in enumerate(workload.batches(readings, size), 1):
        deployment.call("POST", "/ingest", body)
        if number % deployment.batch_size == 0:
            deployment.deliver()
    deployment.deliver()


def _process(deployment: Deployment, readings: Sequence[Reading], size: int) -> None:
    for body in workload.batches(readings, size):
        deployment.call("POST", "/process", body)


def _query(deployment: Deployment, readings: Sequence[Reading], size: int) -> None:
    _process(deployment, readings, BATCH)
    deployment.reset()
    parameters = {"device_id": readings[0]["device_id"], "limit": str(size)}
    found, after = 0, ""
    while True:
        page = deployment.call("GET", "/query", **parameters, **({"next": after} if after else {}))
        found += page["count"]
        after = page["next"]
        if after is None:
            break
    if found != len(readings):
        raise RuntimeError(f"/query gave {found} of {len(readings)} readings")


def _s3(deployment: Deployment, readings: Sequence[Reading], size: int) -> None:
    for number, body in enumerate(workload.batches(readings, size)):
        deployment.put_object(f"readings/{number:05d}.json", body.encode())


PATHS: dict[str, Callable[[Deployment, Sequence[Reading], int], None]] = {
    "/ingest": _ingest,
    "/process": _process,
    "/query": _query,
    "S3": _s3,
}
