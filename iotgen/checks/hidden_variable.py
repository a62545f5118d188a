"""A variable in `environment` hides one that iotgen sets."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule, listed
from iotgen.model.access import access_variables
from iotgen.model.functions import standard_variables
from iotgen.model.pipeline import Function, Path, Pipeline, Sources
from iotgen.model.references import NOUNS


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each variable that hides another, with the functions that it does so for."""
    hidden: dict[Path, list[tuple[Function, str]]] = {}
    for function in pipeline.functions:
        for name, origin in _hidden(function, pipeline):
            path = (*function.setting("environment"), name)
            hidden.setdefault(path, []).append((function, origin))
    for path, users in hidden.items():
        names = listed([function.key for function, _ in users])
        said = f"`{path[-1]}` hides the variable of this name that {users[0][1]} gives {names}"
        yield Finding(path, said, "Remove it, or give it another name.", at_key=True)


def _hidden(function: Function, pipeline: Pipeline) -> Iterator[tuple[str, str]]:
    """Name and origin of each variable that is not what it was derived as."""
    for grant in function.grants:
        for name, value in access_variables((grant,)).items():
            if function.environment.get(name) != value:
                yield name, f"access to the {NOUNS[grant.section]} `{grant.key}`"
    for name, text in standard_variables(function.key, pipeline.name, pipeline.suffix).items():
        if function.environment.get(name) != text:
            yield name, "iotgen"


RULE = Rule(
    "IOT316",
    "A variable in `environment` hides none that iotgen sets.",
    "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check,
    fix="Remove the variable, or give it another name.",
)
