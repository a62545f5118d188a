"""Layers: what functions share, built from pinned requirements or a folder, a zip, or named by an ARN."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.model.context import Context
from iotgen.model.cost import FREE
from iotgen.model.derived import Derived
from iotgen.model.drawing import Node, Style
from iotgen.model.expression import Reference
from iotgen.model.kind import Kind, Name, Resolving, Settings, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Rendering, artifact
from iotgen.model.resource import Resource
from iotgen.model.runtimes import language
from iotgen.problem import Finding, Path

SECTION = "layers"


# The folders below /opt in which Lambda's runtimes look for modules and programs.
# https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
_PLACES = ("python", "nodejs", "java", "ruby", "bin", "lib")
# Where the files of a folder without these go, by the language of the functions.
_PREFIXES = {
    "python": "python/",
    "nodejs": "nodejs/node_modules/",
    "java": "java/lib/",
    "ruby": "ruby/lib/",
}


@dataclass(frozen=True, kw_only=True)
class Layer(Resource):
    """A Lambda layer of `requirements`, a folder `source`, a zip `artifact`, or the `arn` of one.

    Of these four, three are empty. What is built is for `runtimes` and `architectures`, of requirements for
    one of each. `prefix` is the folder in the zip that the files of `source` go to.
    """

    requirements: str
    source: str
    prefix: str
    artifact: str
    arn: str
    runtimes: tuple[str, ...]
    architectures: tuple[str, ...]

    @property
    def runtime(self) -> str:
        """The runtime that its packages are built for."""
        return self.runtimes[0]

    @property
    def architecture(self) -> str:
        """The architecture that its packages are built for."""
        return self.architectures[0]

    @property
    def zip(self) -> str:
        """The path of its zip in the rendered folder."""
        return f"artifacts/layers/{self.key}.zip"

    @property
    def version_arn(self) -> str | Reference:
        """The ARN of its version."""
        return self.arn or Reference(f"aws_lambda_layer_version.{self.label}.arn")

    def fits(self, runtime: str) -> bool:
        """Whether it may hold something for functions on a runtime."""
        return not self.requirements or language(runtime) == "python"


def _resolve(context: Resolving) -> tuple[Layer, ...]:
    """The layers, each for the runtimes and architectures of the functions that use it."""
    return tuple(_layer(context, *entry) for entry in context.entries(SECTION))


def _layer(context: Context, key: str, settings: Settings, path: Path) -> Layer:
    requirements, source = settings.get("requirements", ""), settings.get("source", "")
    platforms = _platforms(context, key)
    if requirements:
        platforms = [one for one in platforms if language(one[0]) == "python"]
        _report_platforms(context, key, path, platforms)
        platforms = platforms[:1]
    shared = context.data["defaults"]["function"]
    platforms = platforms or [(shared["runtime"], shared["architecture"])]
    runtimes = tuple(dict.fromkeys(runtime for runtime, _ in platforms))
    return Layer(
        **context.common(key, path),
        requirements=requirements,
        source=source,
        prefix=_prefix(context, key, path, source, runtimes) if source else "",
        artifact=settings.get("artifact", ""),
        arn=settings.get("arn", ""),
        runtimes=runtimes,
        architectures=tuple(sorted({architecture for _, architecture in platforms})),
    )


def _report_platforms(context: Context, key: str, path: Path, platforms: list[tuple[str, str]]) -> None:
    if len(platforms) > 1:
        platforms_text = " and ".join(" ".join(platform) for platform in platforms)
        hint = "Declare one layer for each platform, from the same requirements."
        message = f"the layer `{key}` is used by functions on {platforms_text}"
        context.report(Finding(path, message, hint, at_key=True, code="IOT202"))


def _prefix(context: Context, key: str, path: Path, source: str, runtimes: tuple[str, ...]) -> str:
    """The folder in the zip for the files of a folder: none if it has those that Lambda looks into."""
    files = context.sources.folders.get(source) or ()
    if any(file.partition("/")[0] in _PLACES for file in files if "/" in file):
        return ""
    languages = sorted({language(runtime) for runtime in runtimes})
    if len(languages) > 1:
        message = f"the layer `{key}` is used by functions in {' and '.join(languages)}"
        folders = " and ".join(f"`{one}`" for one in languages)
        hint = f"Put the files for each into a folder of its own in `{source}`: {folders}."
        context.report(Finding(path, message, hint, at_key=True, code="IOT202"))
    if languages[0] == "nodejs" and any(file.startswith("node_modules/") for file in files):
        return "nodejs/"
    return _PREFIXES.get(languages[0], "")


def _platforms(context: Context, layer: str) -> list[tuple[str, str]]:
    """The distinct runtimes and architectures of the functions that use `layer`."""
    users = [
        function
        for function in context.functions()
        if layer in function["layers"] and "image" not in function
    ]
    return sorted({(function["runtime"], function["architecture"]) for function in users})


def _names(layer: Layer) -> Iterator[Name]:
    if not layer.arn:
        yield Name(what="a layer", text=layer.name, space="layer", most=140)


def _render(layers: tuple[Layer, ...], digests: Digests) -> Iterator[Rendering]:
    for layer in layers:
        if layer.arn:
            continue
        holes = {"layer": layer, "artifact": artifact(layer.zip, digests)}
        yield Rendering(SECTION, layer.path, "layer", holes)


def _derived(layer: Layer) -> Iterator[Derived]:
    source = "that of the functions that use it"
    if not layer.arn:
        yield Derived((*layer.path, "runtime"), ", ".join(layer.runtimes), source)
        yield Derived((*layer.path, "architecture"), ", ".join(layer.architectures), source)


_STYLE = Style(
    name="layer",
    hue=190,
    icon="M12 3 3 8l9 5 9-5zM3 12l9 5 9-5M3 16l9 5 9-5",
    shape=("[/", "/]"),
)


def _drawing(layers: tuple[Layer, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for layer in layers:
        note = "layer" if layer.arn else f"layer · {', '.join(layer.runtimes)}"
        yield Node(id=layer.path, noun="layer", title=layer.key, note=note, style=_STYLE, shared=True)


LAYERS = Kind(
    section=SECTION,
    noun="layer",
    type=Layer,
    address="aws_lambda_layer_version",
    referred=True,
    used_in="the `layers` of a function or of the defaults",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=no_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=None,
    contents=None,
    refuses=None,
    preflight=None,
    in_spec=None,
    waits={},
    renamable=False,
    access=None,
    existing=None,
    derived=_derived,
    drawing=_drawing,
    costs=FREE,
)
