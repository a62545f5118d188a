"""The colours of a picture, for light and dark grounds, as CSS."""

import colorsys
from collections.abc import Iterable

from iotgen.model.drawing import Style

_BOTH = """\
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.title { font-size: 20px; font-weight: 650; }
.name { font-size: 14px; font-weight: 600; }
.note { font-size: 12px; }
.badge, .label { font-size: 11.5px; }
.heading { font-size: 12px; font-weight: 600; letter-spacing: .04em; }
.icon, .badge-icon { fill: none; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.line { fill: none; stroke-width: 1.6; }
.frame { stroke-dasharray: 5 4; }
"""
_LIGHT = {
    "ground": "#ffffff",
    "edge": "#d8dee4",
    "card": "#ffffff",
    "border": "#d0d7de",
    "panel": "#f6f8fa",
    "strong": "#1f2328",
    "weak": "#59636e",
    "alarm": "#b42318",
}
_DARK = {
    "ground": "#0d1117",
    "edge": "#30363d",
    "card": "#161b22",
    "border": "#3d444d",
    "panel": "#11161d",
    "strong": "#f0f6fc",
    "weak": "#9198a1",
    "alarm": "#ff8272",
}
# Of a style's hue: the lightness and saturation of its strokes, and of the tile behind its icon.
_GREY = 213
_LIGHT_HUE, _DARK_HUE = ((0.40, 0.62), (0.94, 0.70)), ((0.68, 0.66), (0.20, 0.42))


def css(styles: Iterable[Style]) -> str:
    """The style of a picture with these styles."""
    styles = sorted({style.name: style for style in styles}.values(), key=lambda style: style.name)
    light, dark = _theme(_LIGHT, styles, *_LIGHT_HUE), _theme(_DARK, styles, *_DARK_HUE)
    return f"{_BOTH}{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def shades(style: Style) -> tuple[str, str]:
    """The colours of a style on a light ground: of strokes, and of what is behind them."""
    strong, soft = (_hex(style.hue, *shade) for shade in _LIGHT_HUE)
    return strong, soft


def _theme(
    colours: dict[str, str], styles: Iterable[Style], stroke: tuple[float, float], tile: tuple[float, float]
) -> str:
    rules = [
        f".ground {{ fill: {colours['ground']}; stroke: {colours['edge']}; }}",
        f".card {{ fill: {colours['card']}; stroke: {colours['border']}; }}",
        f".frame {{ fill: {colours['panel']}; stroke: {colours['border']}; }}",
        f".behind {{ fill: {colours['ground']}; }}",
        f".title, .name, .label {{ fill: {colours['strong']}; }}",
        f".note, .badge, .heading {{ fill: {colours['weak']}; }}",
        f".rule {{ stroke: {colours['edge']}; }}",
        f".alarm-badge {{ stroke: {colours['alarm']}; }}",
        f".dead-badge {{ stroke: {colours['weak']}; }}",
    ]
    for style in styles:
        strong, soft = (_hex(style.hue, *shade) for shade in (stroke, tile))
        rules.append(f".{style.name} .icon, .{style.name}.line {{ stroke: {strong}; }}")
        rules.append(f".{style.name}.tip {{ fill: {strong}; }}")
        rules.append(f".{style.name} .tile {{ fill: {soft}; }}")
    return "".join(f"{rule}\n" for rule in rules)


def _hex(hue: int | None, lightness: float, saturation: float) -> str:
    """A colour as CSS has it; a blue grey without a hue."""
    saturation *= 1 if hue is not None else 0.15
    channels = colorsys.hls_to_rgb((_GREY if hue is None else hue) / 360, lightness, saturation)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)
