"""What comes with iotgen beside its code: the templates, the documentation and the reference pipeline."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def templates() -> Path:
    """The folder of the built-in templates: inside an installed package, beside it in a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def docs() -> Path:
    """The folder of the documentation."""
    installed = _PACKAGE / "docs"
    return installed if installed.is_dir() else _PACKAGE.parent / "docs"


def reference() -> Path:
    """The folder that holds the reference pipelines' `specs` and `handlers`."""
    installed = _PACKAGE / "reference"
    return installed if installed.is_dir() else _PACKAGE.parent
