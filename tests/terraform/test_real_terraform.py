"""The real Terraform, with the real provider installed from where it is found; no AWS."""

import json
import os
from pathlib import Path

import pytest

from iotgen.model.runtimes import FIRST_PROVIDER, OFFERED
from iotgen.terraform.find import Executable
from iotgen.terraform.mirror import Mirror
from iotgen.terraform.plan import PlanSummary
from iotgen.terraform.root_module import RootModule

pytestmark = pytest.mark.terraform


def configuration(text: str) -> str:
    content = {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}},
        "resource": {"terraform_data": {"thing": {"input": text}}},
        "output": {
            "thing": {"value": "${terraform_data.thing.output}"},
            "secret": {"value": "s", "sensitive": True},
        },
    }
    return json.dumps(content)


def test_the_whole_life_of_a_root_module(
    tmp_path: Path, real_terraform: Executable, real_mirror: Mirror | None
) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    main = folder / "main.tf.json"
    main.write_text(configuration("one"))
    lines: list[str] = []
    module = RootModule(
        folder, real_terraform, env=os.environ, mirror=real_mirror, sink=lines.append, say=lines.append
    )

    assert module.validate() == []
    assert not module.ensure_init()
    assert module.outputs() == {}
    with module.plan() as plan:
        assert module.summary(plan) == PlanSummary(
            add=("terraform_data.thing",), outputs=("secret", "thing"), fresh=True
        )
        # The plan is what counts, not what the folder says by now.
        main.write_text(configuration("two"))
        module.apply(plan)
    assert module.outputs() == {"thing": "one", "secret": "s"}
    assert any("Apply complete! Resources: 1 added" in line for line in lines)

    main.write_text(configuration("one"))
    with module.plan() as plan:
        assert not plan.changes
    with module.plan(destroy=True) as plan:
        assert module.summary(plan).destroy == ("terraform_data.thing",)
        module.apply(plan)
    assert module.outputs() == {}
    assert sorted(path.name for path in folder.iterdir()) == [
        ".terraform", ".terraform.lock.hcl", "main.tf.json", "terraform.tfstate", "terraform.tfstate.backup"
    ]  # fmt: skip

    main.write_text('{"resource": {"aws_sqs_queue": {"q": {"colour": "red"}}}}')
    (diagnostic,) = module.validate()
    assert "colour" in diagnostic.detail


def test_the_oldest_provider_takes_every_runtime_that_asks_for_no_later_one(
    tmp_path: Path, real_terraform: Executable, real_mirror: Mirror | None
) -> None:
    functions = {
        name.replace(".", "_"): {
            "function_name": "f",
            "role": "arn:aws:iam::123456789012:role/r",
            "runtime": name,
        }
        | {"filename": "f.zip", "handler": "handler.handler"}
        for name in OFFERED
        if name not in FIRST_PROVIDER
    }
    content = {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
        "resource": {"aws_lambda_function": functions},
    }
    (tmp_path / "main.tf.json").write_text(json.dumps(content), encoding="utf-8")
    lines: list[str] = []
    module = RootModule(
        tmp_path, real_terraform, env=os.environ, mirror=real_mirror, sink=lines.append, say=lines.append
    )
    assert module.validate() == []
