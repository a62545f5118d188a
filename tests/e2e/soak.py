"""Fleets of readings while things fail, and an account of every reading; see `scripts/soak --help`."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from iotgen.deploy import (
    Deployment,
    Target,
    caller,
    local_aws,
    local_aws_folder,
    outputs,
    region_of,
)
from iotgen.local import server
from iotgen.local.port import HOST
from iotgen.simulate import SOME_FAULTS, Balance, Choice, Fleet, Options, Places, To, find_places, plan, run
from iotgen.simulate.account import Verdict
from iotgen.simulate.api import api
from iotgen.simulate.clients import Clients, local_clients
from iotgen.simulate.mqtt import mqtt
from iotgen.simulate.progress import lines
from iotgen.simulate.send import Destination
from iotgen.simulate.stores import Stores, dead_readings
from iotgen.simulate.verify import verify

CHAOS_SERVER = (sys.executable, "-P", str(Path(__file__).with_name("chaos_server.py")))
CHAOS = "/_chaos"
KILL_EVERY = 4.0  # seconds, on average
SPEC, MQTT, SUFFIX, QUEUE = "specs/pipeline.yaml", "specs/mqtt.yaml", "dev", "iot-ingestion"

# Seconds. So long after its function was killed a message comes back: a little more than a function may take.
VISIBILITY = 22
PATIENCE = 600.0
POLL = 0.5

COLUMNS = {
    "seed": 6,
    "sent": 8,
    "stored": 8,
    "rejected": 9,
    "moved back": 11,
    "missing": 8,
    "doubled": 8,
    "other": 6,
    "kills": 6,
    "throttled": 10,
    "failed": 7,
    "seconds": 8,
}
MOST_FAULTS = 20


@dataclass(frozen=True)
class Result:
    """What came of a seed.

    `moved` are the readings that came back from the dead-letter queue, `chaos` counts what failed by name.
    """

    seed: int
    balance: Balance
    moved: int
    chaos: Mapping[str, int]
    seconds: float

    @property
    def kills(self) -> int:
        """How many processes of functions were killed."""
        return sum(count for name, count in self.chaos.items() if name.startswith("Kill"))

    @property
    def throttled(self) -> int:
        """How many calls were throttled, as a whole or in part."""
        names = ("throttled", "throughput", "in part")
        return sum(count for name, count in self.chaos.items() if name.endswith(names))

    @property
    def sound(self) -> bool:
        """Whether every reading is where it belongs, after all that was to happen has happened."""
        is_dead = Verdict.DEAD in self.balance.totals
        return self.balance.sound and not is_dead and self.kills > 0 and self.throttled > 0

    def row(self) -> str:
        """The line of the table."""
        totals = Counter(self.balance.totals)
        faults = Counter(fault.verdict for fault in self.balance.faults)
        missing, doubled = faults[Verdict.LOST] + faults[Verdict.UNANSWERED], faults[Verdict.DOUBLED]
        numbers = (
            self.seed,
            totals.total(),
            totals[Verdict.STORED] + totals[Verdict.FLAGGED],
            totals[Verdict.REJECTED],
            self.moved,
            missing,
            doubled,
            faults.total() + totals[Verdict.DEAD] - missing - doubled,
            self.kills,
            self.throttled,
            sum(self.chaos.values()) - self.kills - self.throttled,
            round(self.seconds),
        )
        return "".join(f"{number:{width}}" for number, width in zip(numbers, COLUMNS.values(), strict=True))

    def faults(self) -> Iterator[str]:
        """What is wrong, a line each, the first of them."""
        for fault in self.balance.faults[:MOST_FAULTS]:
            yield f"  reading {fault.number} ({fault.kind}, {fault.device}): {fault.verdict} {fault.detail}"


@dataclass(frozen=True)
class Soak:
    """The pipeline, deployed, and the means to play a fleet to it."""

    deployment: Deployment

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """The outputs of the deployment."""
        return outputs(self.deployment)

    @cached_property
    def clients(self) -> Clients:
        """Clients of its local AWS."""
        aws = local_aws(self.deployment)
        return local_clients(aws.endpoint, region_of(self.deployment.rendered), aws.credentials)

    def play(self, seed: int, count: int) -> Result:
        """Play a fleet of `count` readings while things fail, and account for it."""
        places = find_places(self.outputs, self.clients, Choice(), verify=True)
        fleet = fleet_of(seed, count, answered=places.to is not To.MQTT)
        stores = Stores(self.clients, places, fleet)
        began = time.monotonic()
        self.tell("POST", {"seed": seed, "kill_every": KILL_EVERY})
        with lines(self.deployment.say) as show:
            outcome = run(fleet, self.destination(places, fleet), show)
        until_true(lambda: stores.waiting() == 0)
        chaos = self.tell("DELETE")
        moved = self.move_back(fleet)
        until_true(lambda: stores.waiting() == 0)
        balance = verify(outcome, stores, PATIENCE, say=self.deployment.say)
        return Result(seed, balance, moved, chaos, time.monotonic() - began)

    def destination(self, places: Places, fleet: Fleet) -> Destination:
        """The API, or the topics of devices."""
        if places.to is To.MQTT:
            return mqtt(self.clients, places.topic, fleet)
        call = caller(self.deployment)
        return api(call.endpoint, places.path, call.region, call.credentials)

    def come_back_soon(self) -> None:
        """Let messages of a function that was killed come back sooner than on AWS."""
        self.clients("sqs").set_queue_attributes(
            QueueUrl=self.outputs["queue_urls"][QUEUE], Attributes={"VisibilityTimeout": str(VISIBILITY)}
        )

    def tell(self, method: str, request: object = None) -> dict[str, int]:
        """Tell the local AWS to begin failing or to end that; give what has failed so far."""
        with closing(HTTPConnection(HOST, local_aws(self.deployment).port, timeout=30)) as connection:
            connection.request(method, CHAOS, None if request is None else json.dumps(request))
            answer = connection.getresponse()
            counts: dict[str, int] = json.loads(answer.read())
            assert answer.status == 200, counts
            return counts

    def move_back(self, fleet: Fleet) -> int:
        """Move what is in the dead-letter queue back to its queue; give how many readings that are."""
        sqs, moved = self.clients("sqs"), 0
        dead, queue = self.outputs["dead_letter_queue_urls"][QUEUE], self.outputs["queue_urls"][QUEUE]
        while messages := sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                sqs.send_message(QueueUrl=queue, MessageBody=message["Body"])
                sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
                moved += len(list(dead_readings(message["Body"], fleet)))
        return moved


def fleet_of(seed: int, count: int, *, answered: bool) -> Fleet:
    """A fleet with a little of every fault, as fast as it goes.

    Nobody answers a message over MQTT: what is malformed stays a dead letter, however often it is moved back.
    """
    now = time.time_ns() // 1_000_000
    return plan(
        Options(
            seed=seed,
            start=now,
            devices=100,
            count=count,
            interval=0,
            batch=100,
            shares=SOME_FAULTS if answered else replace(SOME_FAULTS, malformed=0.0),
            repeated=0.05,
            patience=PATIENCE,
        )
    )


@contextmanager
def deployed(folder: Path, spec: str = SPEC) -> Iterator[Soak]:
    """Deploy a new project in `folder`, which takes about 90 s; its local AWS is stopped at the end."""
    out = folder / "out"
    iotgen(folder, "init")
    server.up(local_aws_folder(out), command=CHAOS_SERVER)
    try:
        iotgen(folder, "apply", spec, "--target", "local", "--suffix", SUFFIX, "--yes")
        soak = Soak(Deployment(Target.LOCAL, out, SUFFIX, None, None, sink=say, say=say))
        soak.come_back_soon()
        yield soak
    finally:
        server.down(local_aws_folder(out))


def iotgen(folder: Path, *arguments: str) -> None:
    """Run iotgen in `folder`; where it fails, show what it told."""
    done = subprocess.run(
        [sys.executable, "-m", "iotgen", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"iotgen {' '.join(arguments)} ended with {done.returncode}\n{done.stderr}")


def until_true(look: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline, f"the queue was not worked off within {PATIENCE:g} s"
        time.sleep(POLL)


def say(line: str) -> None:
    """Tell how far it is."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Play all seeds."""
    parser = argparse.ArgumentParser(prog="scripts/soak", add_help=False)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--mqtt", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="iotgen-soak.") as scratch:
        folder = (given.folder or Path(scratch)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        say("Deploying the pipeline, which takes about a minute and a half")
        with deployed(folder, MQTT if given.mqtt else SPEC) as soak:
            print("".join(f"{name:>{width}}" for name, width in COLUMNS.items()), flush=True)
            results = []
            for seed in given.seeds:
                results.append(result := soak.play(seed, given.count))
                say(json.dumps(result.chaos, indent=2, sort_keys=True))
                print("\n".join([result.row(), *result.faults()]), flush=True)
    return 0 if all(result.sound for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
