"""The documentation site, which scripts/docs builds from the Markdown of this repository, in its places.

What a page needs here and not elsewhere, its place in the table of contents, is added while it is read.
"""

import shutil
import sys
from pathlib import Path

from sphinx.application import Sphinx

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

from iotgen import __version__  # noqa: E402
from iotgen.codes import CODES, PUBLISHED  # noqa: E402

project = "iotgen"
version = release = __version__
html_title = f"iotgen {__version__}"
html_baseurl = PUBLISHED
html_theme = "furo"
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False

extensions = ["myst_parser"]
root_doc = "README"
include_patterns = ["*.md", "docs/**"]
# Folders that are not looked into, which is most of them.
exclude_patterns = [".*", *(path.name for path in REPO.iterdir() if path.is_dir() and path.name != "docs")]
# Links to headings are GitHub's.
myst_heading_anchors = 4
nitpicky = True

PROBLEMS = "\n".join(f"{code} <problems/{code}>" for code in CODES)
CONTENTS = {
    "README": """
```{toctree}
:hidden:
:caption: Write a spec
docs/spec
docs/endpoints
docs/overrides
docs/rules
docs/commands
```

```{toctree}
:hidden:
:caption: Run a pipeline
docs/api
docs/mqtt
docs/operations
docs/plan
docs/reliability
docs/security
docs/cost
docs/local
docs/simulate
```

```{toctree}
:hidden:
:caption: The project
CHANGELOG
CONTRIBUTING
SECURITY
docs/architecture
docs/coverage
```
""",
    "docs/rules": f"""
```{{toctree}}
:hidden:
{PROBLEMS}
```
""",
}


def add_contents(_app: Sphinx, name: str, source: list[str]) -> None:
    """Add the table of contents to the page `name`."""
    source[0] += CONTENTS.get(name, "")


def make_index(app: Sphinx, failure: Exception | None) -> None:
    """Give the first page the name that a web server looks for."""
    if failure is None and app.builder.name == "html":
        shutil.copy(Path(app.outdir) / "README.html", Path(app.outdir) / "index.html")


def setup(app: Sphinx) -> None:
    """Connect both to the build."""
    app.connect("source-read", add_contents)
    app.connect("build-finished", make_index)
