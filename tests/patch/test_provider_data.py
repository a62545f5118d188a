"""What is kept of the AWS provider is what there is."""

from __future__ import annotations

import json
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from iotgen import project
from iotgen.patch import provider

if TYPE_CHECKING:
    from pathlib import Path

JAVASCRIPT = """
function thingRuleToHclTerraform(struct) {
    const attrs = {
        max_age: {
            value: cdktn.numberToHclTerraform(struct.maxAge),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
}
class Thing {
    synthesizeHclAttributes() {
        const attrs = {
            s3_name: {
                value: cdktn.stringToHclTerraform(this._s3Name),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            names: {
                value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(this._names),
                isBlock: false,
                type: "list",
                storageClassType: "stringList",
            },
            rule: {
                value: cdktn.listMapperHcl(thingRuleToHclTerraform, true)(this._rule.internalValue),
                isBlock: true,
                type: "set",
                storageClassType: "ThingRuleList",
            },
        };
    }
}
"""
DECLARATIONS = """
export interface ThingConfig extends cdktn.TerraformMetaArguments {
    readonly s3Name: string;
    readonly names?: string[];
    readonly rule?: ThingRule[] | cdktn.IResolvable;
}
export interface ThingRule {
    readonly maxAge: number;
}
"""


@pytest.fixture(scope="module")
def script(repo: Path) -> ModuleType:
    path = repo / "scripts" / "provider-attributes"
    loader = SourceFileLoader("provider_attributes", str(path))
    spec = spec_from_loader(loader.name, loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_it_has_the_types_that_the_templates_make() -> None:
    texts = project.built_in_templates().values()
    emitted = {name for text in texts for name in re.findall(r'"(aws_\w+)":', text)}
    data = json.loads(provider.DATA_FILE.read_text(encoding="utf-8"))
    kept = {*data["resource"], *data["data"]}
    assert kept == emitted, "run scripts/provider-attributes"


def test_it_is_small_and_sorted(script: ModuleType) -> None:
    text = provider.DATA_FILE.read_text(encoding="utf-8")
    assert len(text) < 60_000
    assert script.text_of(json.loads(text)) == text


def test_settings_of_the_newer_provider_from_the_package(script: ModuleType) -> None:
    assert script.new_block(JAVASCRIPT, DECLARATIONS) == {
        "s3_name": "!",
        "names": "l",
        "rule": {"": "", "max_age": "!"},
    }


def test_both_providers_in_one(script: ModuleType) -> None:
    old = {"name": "", "gone": "!", "tags": "m", "rule": {"": "!", "age": ""}, "objects": "l"}
    new = {"name": "!", "region": "", "tags": "m", "rule": {"": "", "age": ""}, "objects": {"": ""}}
    assert script.both(old, new) == {
        "name": "!",
        "gone": "5",
        "region": "6",
        "tags": "m",
        "rule": {"": "!", "age": ""},
        "objects": "o",
    }


@pytest.mark.terraform
@pytest.mark.usefixtures("real_terraform")
def test_it_is_what_the_oldest_provider_says(script: ModuleType, tmp_path: Path) -> None:
    schema = script.real_schema(script.real_terraform(tmp_path))
    for block, section in (("resource", "resource_schemas"), ("data", "data_source_schemas")):
        data = json.loads(provider.DATA_FILE.read_text(encoding="utf-8"))
        for name, kept in data[block].items():
            compare(name, kept, script.old_block(schema[section][name]["block"]))


def compare(where: str, kept: dict[str, Any], real: dict[str, Any]) -> None:
    """`kept` has all that is `real`, no less is required, and the rest is of the newer provider only."""
    always = {name for name, setting in kept.items() if name and "6" not in provider.flags(setting)}
    assert always == {*real} - {""}, where
    for name in always:
        ours, setting = kept[name], real[name]
        assert "!" not in provider.flags(setting) or "!" in provider.flags(ours), f"{where}.{name}"
        # What only the newer provider takes as an attribute, such as WAF's statements in statements, is not
        # looked into.
        if {"5", "o"} & {*provider.flags(ours)}:
            continue
        assert isinstance(ours, dict) == isinstance(setting, dict), f"{where}.{name}"
        if isinstance(setting, dict):
            compare(f"{where}.{name}", ours, setting)
