"""The folders installed with iotgen: the templates, the documentation and the reference pipelines."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def templates() -> Path:
    """The folder of the built-in templates: in an installed package, or beside it in a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def docs() -> Path:
    """The folder of the documentation."""
    installed = _PACKAGE / "docs"
    return installed if installed.is_dir() else _PACKAGE.parent / "docs"


def reference() -> Path:
    """The folder with the `specs` and `handlers` of the reference pipelines."""
    installed = _PACKAGE / "reference"
    return installed if installed.is_dir() else _PACKAGE.parent
