"""A rendered folder as Terraform's root module: init, validate, plan, show, apply, destroy, outputs.

Every method raises RemoteError if Terraform fails or is interrupted; its message is already shown by then.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from iotgen.errors import IotgenError
from iotgen.system import explained
from iotgen.terraform import cli_config
from iotgen.terraform.command import Flag, Runner, Terraform
from iotgen.terraform.diagnostic import Diagnostic
from iotgen.terraform.failures import failed, interrupted, killed
from iotgen.terraform.find import Executable
from iotgen.terraform.mirror import Mirror
from iotgen.terraform.plan import Contents, Plan, PlanSummary, attributes
from iotgen.terraform.process import run
from iotgen.terraform.stream import Step, Stream

DATA_FOLDER = ".terraform"
# A digest of the input of the last `init`, in Terraform's own data folder, so that it is removed with it.
STAMP = "iotgen-init"
_UNLOCK = "Make that folder writable, then try again."
_PAINT = re.compile(r"\x1b\[[0-9;]*m")
INIT_NEEDED = (
    "Required plugins are not installed",
    "Backend initialization required",
    "Inconsistent dependency lock file",
    "Missing required provider",
    "Module not installed",
    "Required provider plugins are not",
    'run "terraform init"',
    'run "tofu init"',
)


_PLANS = {
    (False, False): "Terraform plans the changes",
    (True, False): "Terraform plans the removal",
    (False, True): "Terraform compares AWS with the last apply",
}


class RootModule:
    """Terraform on one rendered folder.

    `env` is the environment for Terraform; variables that name a missing CLI configuration, or move
    Terraform's data out of the folder, are dropped. `mirror` is the provider's folder, None for Terraform's
    own choice. `sink` receives Terraform's output line by line, `say` one line for each long step. Unless
    `full`, that is only Terraform's errors and warnings.
    """

    def __init__(
        self,
        folder: Path,
        executable: Executable,
        *,
        env: Mapping[str, str],
        mirror: Mirror | None,
        sink: Callable[[str], None],
        say: Callable[[str], None],
        full: bool = True,
        runner: Runner = run,
    ) -> None:
        # Absolute, because Terraform runs in it and gets paths below it.
        self.folder = folder.absolute()
        self._data = self.folder / DATA_FOLDER
        self.executable = executable
        self.mirror = mirror
        self.say = say
        self._env = cli_config.without_missing_files(env)
        self._env.pop("TF_DATA_DIR", None)
        self._env |= {"TF_INPUT": "0", "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        self._sink = sink
        self._full = full
        self._terraform = Terraform(
            executable.argv, self.folder, self._env, sink=sink, say=say, runner=runner
        )

    def ensure_init(self) -> bool:
        """Run `terraform init` if necessary, and return whether it ran.

        It is necessary if the terraform blocks, the executable or the mirror have changed since the last one,
        or if the provider is no longer installed.
        """
        stamp = self._data / STAMP
        digest = self._init_digest()
        if self._provider_installed() and _read(stamp) == digest:
            return False
        self._init()
        with explained("write", stamp, _UNLOCK):
            stamp.write_text(digest, encoding="ascii")
        return True

    def validate(self) -> list[Diagnostic]:
        """Return the diagnostics of `terraform validate`; empty means valid."""
        self.ensure_init()
        self.say("Terraform validates the configuration")
        code, out, err = self._call("validate", lambda: self._terraform.cmd("validate", json=Flag))
        try:
            diagnostics = json.loads(out)["diagnostics"]
        except (ValueError, KeyError):
            raise self._failure("terraform validate", code, out, err) from None
        return [Diagnostic.of(one) for one in diagnostics]

    @contextmanager
    def plan(self, *, destroy: bool = False, refresh_only: bool = False) -> Iterator[Plan]:
        """Make and save a plan, which is removed at the end of the `with` block.

        With `refresh_only` it has only what differs on AWS from the last apply.
        """
        self.ensure_init()
        self.say(_PLANS[destroy, refresh_only])
        chosen = {"destroy": destroy, "refresh_only": refresh_only}
        options = {name: Flag for name, wanted in chosen.items() if wanted}
        with self._plan_file() as path:
            plan = partial(self._terraform.plan, out=str(path), **options)
            code, out, err = self._call("plan", lambda: self._streamed(plan), accept=(0, 2))
            if code not in (0, 2):
                raise self._failure("terraform plan", code, out, err)
            yield Plan(path, changes=code == 2, destroy=destroy)

    @contextmanager
    def _plan_file(self) -> Iterator[Path]:
        """A file for a saved plan, which has secrets in plain text and is removed at the end."""
        with explained("write", self._data, _UNLOCK):
            self._data.mkdir(exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="iotgen-", suffix=".tfplan", dir=self._data)
            os.close(handle)
        path = Path(name)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def show(self, plan: Plan) -> dict[str, Any]:
        """Return a saved plan in Terraform's JSON form."""
        code, out, err = self._call("show", lambda: self._terraform.cmd("show", str(plan.path), json=Flag))
        if code != 0:
            raise self._failure("terraform show", code, out, err)
        shown: dict[str, Any] = json.loads(out)
        return shown

    def state(self) -> dict[str, dict[str, Any]]:
        """Return the attributes of each resource in the state, by address."""
        self.ensure_init()
        code, out, err = self._call("state pull", lambda: self._terraform.cmd("state pull"))
        if code != 0:
            raise self._failure("terraform state pull", code, out, err)
        resources = json.loads(out)["resources"] if out.strip() else []
        return {
            f"{resource['type']}.{resource['name']}": instance["attributes"]
            for resource in resources
            if resource["mode"] == "managed"
            for instance in resource["instances"]
        }

    def refreshed(self) -> dict[str, dict[str, Any]]:
        """Return the current attributes of each resource, by address; does not change the state."""
        self.ensure_init()
        self.say("Terraform reads the deployed resources")
        with self._plan_file() as path:
            refresh = partial(self._terraform.cmd, "plan", refresh_only=Flag, out=str(path))
            code, out, err = self._call("plan", refresh)
            if code != 0:
                raise self._failure("terraform plan", code, out, err)
            return attributes(self.show(Plan(path, changes=False, destroy=False)))

    def contents(self, plan: Plan) -> Contents:
        """Return all that a saved plan holds, secrets included."""
        return Contents.of(self.show(plan))

    def summary(self, plan: Plan) -> PlanSummary:
        """Return the resources that a saved plan adds, changes, destroys and replaces."""
        return PlanSummary.of(self.contents(plan))

    def apply(self, plan: Plan, watch: Callable[[Step], None] = lambda _: None) -> None:
        """Carry out exactly the saved plan; unless `full`, `watch` receives what happens to each resource."""
        self.say("Terraform removes all resources" if plan.destroy else "Terraform applies the plan")
        # Terraform prints the outputs at the end; callers get them from `outputs`.
        with self._sinking(without_outputs(self._sink)):
            code, out, err = self._streamed(partial(self._terraform.apply, str(plan.path)), watch)
        if code != 0 or self._terraform.last.interrupts:
            raise self._failure("terraform apply", code, out, err)

    def outputs(self) -> dict[str, Any]:
        """Return the values of the outputs, sensitive ones too; empty before the first apply."""
        self.ensure_init()
        code, out, err = self._call("output", lambda: self._terraform.output_cmd(json=Flag))
        if code != 0:
            raise self._failure("terraform output", code, out, err)
        return {name: output["value"] for name, output in json.loads(out).items()}

    def _init(self) -> None:
        self.say("Terraform initializes: provider and state")
        with self._init_environment() as env:
            # Without -reconfigure, the library's default, which would abandon the state when the backend
            # changes.
            code, out, err = self._terraform.init(
                reconfigure=None, backend=None, env=env, capture_output=not self._full
            )
        if code != 0 or self._terraform.last.interrupts:
            raise self._failure("terraform init", code, out, err)

    @contextmanager
    def _init_environment(self) -> Iterator[dict[str, str]]:
        """The variables with which `init` installs the provider from the mirror; their file is temporary."""
        text = self.mirror and cli_config.for_mirror(self.mirror, self.executable.registry, self._env)
        if not text:
            yield {}
            return
        with tempfile.TemporaryDirectory(prefix="iotgen-") as folder:
            path = Path(folder) / "iotgen.tfrc"
            with explained("write", path, _UNLOCK):
                path.write_text(text, encoding="utf-8")
            yield {"TF_CLI_CONFIG_FILE": str(path)}

    def _call(
        self, step: str, command: Callable[[], tuple[int, str, str]], accept: tuple[int, ...] = (0,)
    ) -> tuple[int, str, str]:
        """Run a command; if Terraform asks for `init`, run that and then the command again."""
        code, out, err = command()
        if code not in accept and not self._terraform.last.interrupts and _asks_for_init(out + err):
            self._init()
            code, out, err = command()
        if self._terraform.last.interrupts:
            raise self._failure(f"terraform {step}", code, out, err)
        return code, out, err

    def _streamed(
        self, command: Callable[..., tuple[int, str, str]], watch: Callable[[Step], None] = lambda _: None
    ) -> tuple[int, str, str]:
        """Run a command whose output is shown as it comes: all of it, or errors and warnings only."""
        if self._full:
            return command(capture_output=False)
        stream = Stream(self._sink, watch)
        with self._sinking(stream):
            code, _, _ = command(capture_output=False, json=Flag)
        return code, stream.text, ""

    @contextmanager
    def _sinking(self, sink: Callable[[str], None]) -> Iterator[None]:
        """Give the lines of streamed commands to another sink meanwhile."""
        self._terraform.sink = sink
        try:
            yield
        finally:
            self._terraform.sink = self._sink

    def _failure(self, step: str, code: int, out: str, err: str) -> IotgenError:
        # The errors of a captured command are not shown yet; those of a streamed one are not in `err`.
        for line in err.splitlines():
            self._sink(line)
        if self._terraform.last.interrupts:
            return interrupted(step, code, self._terraform.last.interrupts)
        if code < 0:
            return killed(step, -code)
        return failed(step, f"{out}\n{err}", self.folder)

    def _init_digest(self) -> str:
        """Return a digest of the input of `init`: terraform blocks, modules, executable and mirror."""
        blocks = []
        for path in sorted(self.folder.glob("*.tf.json")):
            content = json.loads(path.read_text(encoding="utf-8"))
            blocks.append([path.name, content.get("terraform"), content.get("module")])
        mirror = str(self.mirror.path) if self.mirror else None
        text = json.dumps([blocks, self.executable.argv, mirror], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _provider_installed(self) -> bool:
        # Packages of a mirror are symbolic links: `exists` follows them, and detects a removed mirror.
        providers = self._data / "providers" / self.executable.registry / "hashicorp" / "aws"
        packages = list(providers.glob("*/*"))
        return bool(packages) and all(package.exists() for package in packages)


def without_outputs(sink: Callable[[str], None]) -> Callable[[str], None]:
    """A sink that passes lines on up to the heading of the outputs, which Terraform prints last."""
    ended = False

    def pass_on(line: str) -> None:
        nonlocal ended
        ended = ended or _PAINT.sub("", line) == "Outputs:"
        if not ended:
            sink(line)

    return pass_on


def _asks_for_init(output: str) -> bool:
    flat = " ".join(output.replace("│", " ").split())
    return any(sign in flat for sign in INIT_NEEDED)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""
