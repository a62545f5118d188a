"""The real Terraform takes what valid specs render to, and reads each text as it was written."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from iotgen.render.encode import plain
from iotgen.terraform.root_module import RootModule

if TYPE_CHECKING:
    from iotgen.terraform.find import Executable
    from iotgen.terraform.mirror import Mirror

LONG = settings().max_examples > 100
NEEDS = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}}
# Where Terraform's templates begin and end, and what is next to that.
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(["$", "%", "{", "}", "~", "\\", '"', "\n", "\r", "if", "for", "EOF", "😀"]), st.text()
    ),
    max_size=8,
).map("".join)


def _draw(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many examples; the first that hypothesis makes is the simplest, and is left out."""
    drawn: list[Any] = []

    @settings(max_examples=count + 1, phases=[Phase.generate], database=None, deadline=None)
    @given(strategy)
    def gather(example: Any) -> None:
        drawn.append(example)

    gather()
    return drawn[1:]


def _root(
    folder: Path, documents: Mapping[str, Any], terraform: Executable, mirror: Mirror | None
) -> RootModule:
    for name, document in documents.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    said: list[str] = []
    return RootModule(folder, terraform, env=os.environ, mirror=mirror, sink=said.append, say=said.append)


@pytest.mark.terraform
def test_terraform_takes_what_valid_specs_render_to(
    tmp_path: Path,
    valid_specs: st.SearchStrategy[Any],
    compile_valid: Any,
    real_terraform: Executable,
    real_mirror: Mirror | None,
) -> None:
    """Each spec is a module of one root, so that Terraform runs once for all of them."""
    documents: dict[str, Any] = {}
    specs = _draw(valid_specs, 50 if LONG else 5)
    for number, valid in enumerate(specs):
        for name, text in compile_valid(valid).files.items():
            documents[f"spec{number}/{name}"] = json.loads(text)
        documents[f"spec{number}/main.tf.json"].pop("provider")  # each configuration of it costs a second
        documents[f"spec{number}/main.tf.json"]["terraform"].pop("backend", None)  # only a root has a state
    modules = {f"spec{number}": {"source": f"./spec{number}"} for number in range(len(specs))}
    documents["main.tf.json"] = {"terraform": NEEDS, "module": modules}

    assert _root(tmp_path, documents, real_terraform, real_mirror).validate() == []


@pytest.mark.terraform
def test_terraform_reads_each_text_as_it_was(tmp_path: Path, real_terraform: Executable) -> None:
    """But for what it does to every text: Unicode's form C, and no mark of the byte order in front."""
    texts = [
        unicodedata.normalize("NFC", text).lstrip("\ufeff") for text in _draw(TEXTS, 20_000 if LONG else 500)
    ]
    document = {"output": {"texts": {"value": [plain(text) for text in texts]}}}
    (tmp_path / ".terraform").mkdir()  # without a provider, Terraform makes none
    root = _root(tmp_path, {"main.tf.json": document}, real_terraform, None)
    with root.plan() as plan:
        root.apply(plan)
    assert root.outputs()["texts"] == texts
