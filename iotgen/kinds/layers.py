"""Layers: Python libraries that functions share, built from pinned requirements."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.model.context import Context
from iotgen.model.cost import FREE
from iotgen.model.derived import Derived
from iotgen.model.drawing import Node, Style
from iotgen.model.kind import Kind, Name, Resolving, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Rendering, artifact
from iotgen.model.resource import Resource
from iotgen.problem import Finding

SECTION = "layers"


@dataclass(frozen=True, kw_only=True)
class Layer(Resource):
    """A Lambda layer, built for one runtime and architecture."""

    requirements: str
    runtime: str
    architecture: str

    @property
    def zip(self) -> str:
        """The path of its zip in the rendered folder."""
        return f"artifacts/layers/{self.key}.zip"


def _resolve(context: Resolving) -> tuple[Layer, ...]:
    """The layers, each for the runtime and architecture of the functions that use it."""
    shared = context.data["defaults"]["function"]
    layers = []
    for key, settings, path in context.entries(SECTION):
        platforms = _platforms(context, key)
        if len(platforms) > 1:
            platforms_text = " and ".join(" ".join(platform) for platform in platforms)
            hint = "Declare one layer for each platform, from the same requirements."
            message = f"the layer `{key}` is used by functions on {platforms_text}"
            context.report(Finding(path, message, hint, at_key=True, code="IOT202"))
        runtime, architecture = platforms[0] if platforms else (shared["runtime"], shared["architecture"])
        layers.append(
            Layer(
                **context.common(key, path),
                requirements=settings["requirements"],
                runtime=runtime,
                architecture=architecture,
            )
        )
    return tuple(layers)


def _platforms(context: Context, layer: str) -> list[tuple[str, str]]:
    """The distinct runtimes and architectures of the functions that use `layer`."""
    users = [function for function in context.functions() if layer in function["layers"]]
    return sorted({(function["runtime"], function["architecture"]) for function in users})


def _names(layer: Layer) -> Iterator[Name]:
    yield Name(what="a layer", text=layer.name, space="layer", most=140)


def _render(layers: tuple[Layer, ...], digests: Digests) -> Iterator[Rendering]:
    for layer in layers:
        holes = {"layer": layer, "artifact": artifact(layer.zip, digests)}
        yield Rendering(SECTION, layer.path, "layer", holes)


def _derived(layer: Layer) -> Iterator[Derived]:
    source = "that of the functions that use it"
    yield Derived((*layer.path, "runtime"), layer.runtime, source)
    yield Derived((*layer.path, "architecture"), layer.architecture, source)


_STYLE = Style(
    name="layer",
    hue=190,
    icon="M12 3 3 8l9 5 9-5zM3 12l9 5 9-5M3 16l9 5 9-5",
    shape=("[/", "/]"),
)


def _drawing(layers: tuple[Layer, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for layer in layers:
        note = f"layer · {layer.runtime}"
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
