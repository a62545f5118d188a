import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from iotgen.errors import IotgenError, RemoteError
from iotgen.terraform.find import Executable
from iotgen.terraform.mirror import Mirror
from iotgen.terraform.root_module import RootModule

Program = Callable[[str], Executable]

# Records each call, installs a provider at `init`, and answers as `answers.json` says:
# {step: [code, output]}, or {step: [code, [output, the answer to the next call]]}.
FAKE = """
    import json, os, pathlib, sys
    here = pathlib.Path(__file__).parent
    step, *arguments = sys.argv[1:]
    config = os.environ.get("TF_CLI_CONFIG_FILE")
    config = config and open(config).read()
    call = {"step": step, "arguments": arguments, "config": config, "env": dict(os.environ)}
    with open(here / "calls", "a") as calls:
        print(json.dumps(call), file=calls)
    if step == "init":
        pathlib.Path(".terraform/providers/registry.terraform.io/hashicorp/aws/5.100.0/here").mkdir(
            parents=True, exist_ok=True)
    for argument in arguments:
        if argument.startswith("-out="):
            pathlib.Path(argument[5:]).write_text("a plan")
    answers = here / "answers.json"
    code, output = json.loads(answers.read_text()).get(step, [0, ""]) if answers.exists() else [0, ""]
    if isinstance(output, list):
        output, *rest = output
        if rest:
            answers.write_text(json.dumps({step: rest[0]}))
    print(output, file=sys.stderr if code == 1 else sys.stdout)
    sys.exit(code)
"""


class Fake:
    """A root module over the fake Terraform, and what became of it."""

    def __init__(self, executable: Executable, folder: Path) -> None:
        self.home = Path(executable.argv[-1]).parent
        self.executable = executable
        self.folder = folder
        self.lines: list[str] = []
        self.said: list[str] = []
        folder.mkdir()
        self.configure({"required_version": ">= 1.10"})

    def configure(self, terraform: Mapping[str, Any]) -> None:
        (self.folder / "main.tf.json").write_text(json.dumps({"terraform": terraform}))

    def answer(self, **answers: tuple[int, Any]) -> None:
        (self.home / "answers.json").write_text(json.dumps(answers))

    def module(self, mirror: Mirror | None = None, **env: str) -> RootModule:
        return RootModule(
            self.folder,
            self.executable,
            env={"PATH": os.environ["PATH"], "HOME": str(self.home), **env},
            mirror=mirror,
            sink=self.lines.append,
            say=self.said.append,
        )

    @property
    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.home / "calls").read_text().splitlines()]

    @property
    def steps(self) -> list[str]:
        return [call["step"] for call in self.calls]


@pytest.fixture
def fake(program: Program, tmp_path: Path) -> Fake:
    return Fake(program(FAKE), tmp_path / "out")


def test_init_is_done_when_needed_and_only_then(fake: Fake) -> None:
    assert fake.module().ensure_init()
    assert not fake.module().ensure_init()
    fake.configure({"required_version": ">= 1.11"})
    assert fake.module().ensure_init()
    assert fake.module(Mirror(Path("/mirror"))).ensure_init()
    assert fake.steps == ["init"] * 3


def test_init_is_done_again_when_the_mirror_is_gone(fake: Fake) -> None:
    fake.module().ensure_init()
    package = fake.folder / ".terraform/providers/registry.terraform.io/hashicorp/aws/5.100.0/here"
    package.rmdir()
    package.symlink_to(fake.folder / "gone")
    package.parent.joinpath("another").mkdir()
    fake.executable = Executable((*fake.executable.argv[:1], "-c", ""), "a test that does nothing")
    said = len(fake.said)
    fake.module().ensure_init()
    assert fake.said[said:] == ["Terraform initializes: provider and state"]


def test_init_leaves_the_state_where_it_is(fake: Fake) -> None:
    fake.module().ensure_init()
    arguments = fake.calls[0]["arguments"]
    assert "-input=false" in arguments
    assert "-reconfigure" not in arguments


def test_only_init_is_told_of_the_mirror(fake: Fake) -> None:
    fake.answer(output=(0, "{}"))
    fake.module(Mirror(Path("/mirror"))).outputs()
    init, output = fake.calls
    assert 'path    = "/mirror"' in init["config"]
    assert output["config"] is None
    assert not Path(init["env"]["TF_CLI_CONFIG_FILE"]).exists()


def test_terraform_gets_the_given_environment_and_no_more(fake: Fake) -> None:
    fake.module(TF_CLI_CONFIG_FILE="/not/there", TF_DATA_DIR="/elsewhere", AWS_PROFILE="mine").ensure_init()
    env = fake.calls[0]["env"]
    assert env["AWS_PROFILE"] == "mine"
    assert env["TF_IN_AUTOMATION"] == "1"
    assert "TF_CLI_CONFIG_FILE" not in env
    assert "TF_DATA_DIR" not in env
    assert env.keys() - {"LC_CTYPE"} == {
        "PATH", "HOME", "AWS_PROFILE", "TF_IN_AUTOMATION", "TF_INPUT", "CHECKPOINT_DISABLE"
    }  # fmt: skip


def test_the_saved_plan_is_what_gets_applied_and_is_removed(fake: Fake) -> None:
    fake.answer(plan=(2, "Plan: 1 to add"))
    module = fake.module()
    with module.plan() as plan:
        assert plan.changes
        assert plan.path.parent == fake.folder / ".terraform"
        module.apply(plan)
    assert not plan.path.exists()
    _, planned, applied = fake.calls
    assert f"-out={plan.path}" in planned["arguments"]
    assert applied["arguments"][-1] == str(plan.path)
    assert not [argument for argument in applied["arguments"] if "var" in argument]
    assert "Plan: 1 to add" in fake.lines
    assert fake.said == [
        "Terraform initializes: provider and state",
        "Terraform plans the changes",
        "Terraform applies the plan",
    ]


def test_a_plan_is_removed_when_something_fails_after_it(fake: Fake) -> None:
    with ExitStack() as stack:
        plan = stack.enter_context(fake.module().plan(destroy=True))
        assert plan.path.exists()
        assert not plan.changes
        fake.answer(apply=(1, "Error: Saved plan is stale"))
        with pytest.raises(RemoteError, match="terraform apply failed"):
            fake.module().apply(plan)
    assert not plan.path.exists()
    assert "-destroy" in fake.calls[-2]["arguments"]


def test_a_failure_keeps_its_message_and_names_the_step(fake: Fake) -> None:
    fake.answer(plan=(1, "Error: No valid credential sources found"))
    with pytest.raises(RemoteError) as caught, fake.module().plan():
        pass
    assert caught.value.message == "terraform plan failed"
    assert "AWS_PROFILE" in caught.value.hint
    assert fake.lines[-1] == "Error: No valid credential sources found"
    assert list((fake.folder / ".terraform").glob("*.tfplan")) == []


def test_the_errors_of_a_captured_command_are_shown(fake: Fake) -> None:
    fake.answer(output=(1, "Error: Error acquiring the state lock"))
    with pytest.raises(RemoteError, match="terraform output failed"):
        fake.module().outputs()
    assert fake.lines[-1] == "Error: Error acquiring the state lock"


def test_init_is_repaired_when_terraform_asks_for_it(fake: Fake) -> None:
    fake.module().ensure_init()
    fake.answer(output=(1, ["Error: Required plugins are not installed", (0, '{"a": {"value": 1}}')]))
    assert fake.module().outputs() == {"a": 1}
    assert fake.steps == ["init", "output", "init", "output"]


def test_what_validate_finds_is_data(fake: Fake) -> None:
    found = {
        "severity": "error",
        "summary": "Unsupported argument",
        "detail": "No such thing.",
        "range": {"filename": "main.tf.json", "start": {"line": 7}},
    }
    fake.answer(validate=(0, json.dumps({"diagnostics": [found]})))
    (diagnostic,) = fake.module().validate()
    assert (diagnostic.summary, diagnostic.where) == ("Unsupported argument", "main.tf.json:7")


def test_what_is_deployed_now_is_read_without_a_change_of_the_state(fake: Fake) -> None:
    table = {"mode": "managed", "address": "aws_dynamodb_table.t", "values": {"name": "t-dev"}}
    account = {"mode": "data", "address": "data.aws_caller_identity.current", "values": {"id": "1"}}
    shown = {"prior_state": {"values": {"root_module": {"resources": [table, account]}}}}
    fake.answer(show=(0, json.dumps(shown)))
    assert fake.module().refreshed() == {"aws_dynamodb_table.t": {"name": "t-dev"}}
    (plan,) = [call["arguments"] for call in fake.calls if call["step"] == "plan"]
    assert "-refresh-only" in plan
    assert not list(fake.folder.glob(".terraform/*.tfplan"))
    assert "apply" not in [call["step"] for call in fake.calls]


def test_outputs_are_values_by_name(fake: Fake) -> None:
    fake.answer(output=(0, '{"url": {"value": "http://x", "sensitive": false, "type": "string"}}'))
    assert fake.module().outputs() == {"url": "http://x"}


def test_an_interrupt_ends_the_run_with_exit_code_3(program: Program, fake: Fake) -> None:
    fake.module().ensure_init()
    fake.executable = program(
        """
        import signal, sys
        signal.signal(signal.SIGINT, lambda *_: (print("state saved"), sys.exit(0)))
        print("ready")
        signal.pause()
        """
    )
    module = fake.module()
    fake.lines = lines = _Interrupting()
    module = fake.module()
    with pytest.raises(RemoteError) as caught, module.plan():
        pass
    assert lines == ["ready", "state saved"]
    assert caught.value.exit_code == 3
    assert caught.value.message.startswith("terraform plan was interrupted")
    assert list((fake.folder / ".terraform").glob("*.tfplan")) == []


class _Interrupting(list[str]):
    def append(self, line: str) -> None:
        super().append(line)
        if line == "ready":
            os.kill(os.getpid(), signal.SIGINT)


def test_a_terraform_that_was_killed_says_so(program: Program, fake: Fake) -> None:
    fake.module().ensure_init()
    fake.executable = program("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(RemoteError, match="terraform output was killed by signal 9"):
        fake.module().outputs()


def test_a_terraform_that_cannot_run_is_a_clear_error(fake: Fake) -> None:
    fake.executable = Executable(("/not/there/terraform",), "a test")
    with pytest.raises(RemoteError, match=r"cannot run /not/there/terraform in .*: no such file"):
        fake.module().ensure_init()


def test_a_folder_that_cannot_be_written_is_a_clear_error(fake: Fake) -> None:
    fake.module().ensure_init()
    (fake.folder / ".terraform").rename(fake.folder / "aside")
    (fake.folder / ".terraform").touch()
    fake.executable = Executable((sys.executable, "-c", ""), "a test that does nothing")
    with pytest.raises(IotgenError, match=r"cannot write .*\.terraform"):
        fake.module().ensure_init()
