"""Where a function runs here: its variables, and the folder with its code, as on Lambda."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from iotgen.credentials import Credentials
from iotgen.kinds.functions import Function
from iotgen.kinds.layers import Layer
from iotgen.package import archive_folder, function_files, layer_folder
from iotgen.system import explained

Say = Callable[[str], None]

# What a Python process needs to run at all, and to reach AWS from behind a proxy.
_KEPT = (
    *("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"),
    *("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
)


@dataclass(frozen=True)
class Place:
    """The project's folder and the cache of layers, and the account that a function works with.

    `endpoint` is that of the local AWS, None on AWS; `variables` are the function's own, with their values.
    """

    root: Path
    cache: Path
    region: str
    account: str
    credentials: Credentials
    endpoint: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Folders:
    """The folder of a function's code, those of its layers, and one for temporary files."""

    task: Path
    layers: tuple[Path, ...]
    temporary: Path


def _layer(layer: Layer, place: Place, say: Say) -> Path:
    """The folder of a layer that Python looks for modules in."""
    if layer.source:
        folder = place.root / layer.source
        return folder if layer.prefix else folder / "python"
    if layer.artifact:
        return archive_folder(place.root / layer.artifact, layer.key, place.cache) / "python"
    return layer_folder(
        place.root / layer.requirements, layer.runtime, layer.architecture, place.cache, say=say
    )


@contextmanager
def folders(function: Function, place: Place, say: Say) -> Iterator[Folders]:
    """Lay the function out as its zip would be, with links to the real files; removed afterwards."""
    files = function_files(
        place.root / function.source,
        [place.root / name for name in function.include],
        place.root,
    )
    layers = tuple(_layer(layer, place, say) for layer in function.layers if not layer.arn)
    with explained("write", "the folder of temporary files"), TemporaryDirectory(prefix="iotgen-") as name:
        made = Folders(Path(name).resolve() / "task", layers, Path(name).resolve() / "tmp")
        made.temporary.mkdir()
        for path, file in files.items():
            link = made.task / path
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file.resolve())
        yield made


def environment(
    function: Function, place: Place, made: Folders, own: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment variables of the process: Lambda's, the account's, and the function's.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    """
    return {
        **{name: own[name] for name in _KEPT if name in own},
        "TZ": ":UTC",
        "PYTHONUNBUFFERED": "1",
        "HOME": str(made.temporary),
        "TMPDIR": str(made.temporary),
        "LAMBDA_TASK_ROOT": str(made.task),
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": "here",
        **place.variables,
        **_account(place),
    }


def _account(place: Place) -> dict[str, str]:
    """The region and credentials, and nothing that would lead to another account."""
    keys = place.credentials
    return {
        "AWS_REGION": place.region,
        "AWS_DEFAULT_REGION": place.region,
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **({"AWS_SESSION_TOKEN": keys.token} if keys.token else {}),
        **({"AWS_ENDPOINT_URL": place.endpoint, "NO_PROXY": "127.0.0.1"} if place.endpoint else {}),
    }
