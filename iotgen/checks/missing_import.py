"""A handler imports a module that neither its zip, its layers nor the runtime has."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.spec.nearest import nearest
from iotgen.usage.available import STANDARD, Missing, missing_imports
from iotgen.usage.distributions import package_of
from iotgen.usage.modules import Code, read_code


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each import that certainly fails when a function is loaded, a shared one once."""
    for missing, users in find_missing(pipeline, sources, certain=True).items():
        names = listed([function.key for function, _ in users])
        yield finding(missing, users, f"{what(missing, users)}: {names} cannot be loaded", sources)


Users = list[tuple[Function, Code]]


def find_missing(pipeline: Pipeline, sources: Sources, *, certain: bool) -> dict[Missing, Users]:
    """Each import that fails, with the functions that it fails for and their code."""
    imports: dict[Missing, Users] = {}
    for function in pipeline.all(Function):
        settled = pipeline.settled(function.path) and pipeline.settled(("defaults", "function"))
        code = read_code(function, sources) if settled else None
        for missing in missing_imports(function, code, sources) if code else ():
            if missing.certain is certain and code:
                imports.setdefault(missing, []).append((function, code))
    return imports


def finding(missing: Missing, users: Users, message: str, sources: Sources) -> Finding:
    """A finding at the line of the import."""
    function, code = users[0]
    hint = _hint(missing, function, code, sources)
    path = function.setting("source")
    return Finding(path, message, hint, False, missing.file, missing.line, missing.column)


def what(missing: Missing, users: Users) -> str:
    """The message about what an import lacks."""
    if not missing.module:
        return "this relative import goes beyond its top-level package"
    if missing.name:
        return f"`{missing.module}` has no `{missing.name}`"
    if missing.module in STANDARD:
        return f"{users[0][0].runtime} has no `{missing.module}`"
    return f"no module `{missing.module}` in the zip, a layer or the runtime"


def _hint(missing: Missing, function: Function, code: Code, sources: Sources) -> str:
    if not missing.module:
        return "Import the module by its absolute name, without leading dots."
    package = missing.module.rpartition(".")[0]
    if missing.name or package in code.modules:
        names = code.modules[missing.module].facts.names if missing.name else code.modules
        suggestion = nearest(missing.name or missing.module, sorted(names))
        return f"Did you mean `{suggestion}`?" if suggestion else "Correct the import, or add what it names."
    if missing.module in STANDARD:
        return "Replace it, or choose a runtime that has it."
    return _where_to_put(missing.module, function, sources)


def _where_to_put(module: str, function: Function, sources: Sources) -> str:
    folders = [folder for folder in sources.folders if folder.rstrip("/").rpartition("/")[2] == module]
    if folders:
        return f"Add `{folders[0]}` to the function's `include`."
    pinned = [layer for layer in function.layers if layer.requirements]
    if not pinned:
        package = package_of(module)
        return f"Add `{package}` to a layer of the function, or add the module's folder to `include`."
    files = " or ".join(f"`{layer.requirements}`" for layer in pinned)
    return f"Pin `{package_of(module)}` in {files}, or add the module's folder to `include`."


RULE = Rule(
    code="IOT306",
    summary="A handler imports a module that neither its zip, its layers nor the runtime has.",
    why=(
        "A function finds modules in its zip, in its layers, and in what the runtime brings, which is "
        "Python's standard library and boto3. Any other import fails when Lambda loads the function, and "
        "every call ends with `Runtime.ImportModuleError`."
    ),
    fix="Pin the package in the layer's requirements, or add the module's folder to `include`.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/python-package.html",
    check=check,
)
