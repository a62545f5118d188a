"""The modules of the packages in a requirements file, judging by the packages' names.

https://packaging.python.org/en/latest/discussions/distribution-package-vs-import-package/
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*?)\s*(?:\[[^\]]*\])?\s*==", re.MULTILINE)

# All top-level modules of well-known packages, by the package's normalized name.
MODULES: Mapping[str, str] = {
    "annotated-types": "annotated_types", "anyio": "anyio", "arrow": "arrow", "attrs": "attr attrs",
    "aws-lambda-powertools": "aws_lambda_powertools", "aws-xray-sdk": "aws_xray_sdk",
    "beautifulsoup4": "bs4", "boto3": "boto3", "botocore": "botocore", "cachetools": "cachetools",
    "certifi": "certifi", "cffi": "cffi _cffi_backend", "charset-normalizer": "charset_normalizer",
    "click": "click", "cryptography": "cryptography", "fastjsonschema": "fastjsonschema", "h11": "h11",
    "httpcore": "httpcore", "httpx": "httpx", "idna": "idna", "jinja2": "jinja2", "jmespath": "jmespath",
    "jsonpickle": "jsonpickle", "jsonschema": "jsonschema", "markupsafe": "markupsafe", "numpy": "numpy",
    "orjson": "orjson", "packaging": "packaging", "pandas": "pandas pandas_libs", "pillow": "PIL",
    "psycopg2-binary": "psycopg2", "pycparser": "pycparser", "pycryptodome": "Crypto",
    "pydantic": "pydantic", "pydantic-core": "pydantic_core", "pyjwt": "jwt", "pymysql": "pymysql",
    "pyopenssl": "OpenSSL", "python-dateutil": "dateutil", "python-dotenv": "dotenv",
    "python-jose": "jose", "pytz": "pytz", "pyyaml": "yaml _yaml", "redis": "redis",
    "referencing": "referencing", "requests": "requests", "rpds-py": "rpds", "s3transfer": "s3transfer",
    "scikit-learn": "sklearn", "simplejson": "simplejson", "six": "six", "sniffio": "sniffio",
    "sqlalchemy": "sqlalchemy", "structlog": "structlog", "tenacity": "tenacity",
    "typing-extensions": "typing_extensions", "tzdata": "tzdata", "ujson": "ujson", "urllib3": "urllib3",
    "wrapt": "wrapt",
}  # fmt: skip


@dataclass(frozen=True)
class Brought:
    """The `modules` that packages certainly have, and the packages with `unknown` modules."""

    modules: frozenset[str]
    unknown: frozenset[str]

    def may_have(self, module: str) -> bool:
        """Whether a package may have `module`, since their names are similar."""
        word = _plain(module)
        names = [_plain(name) for name in self.unknown]
        return module in self.modules or any(word in name or name in word for name in names)


def brought(requirements: Iterable[str]) -> Brought:
    """The modules of the packages in requirements files."""
    names = {normalized(name) for text in requirements for name in _PIN.findall(text)}
    known = [MODULES[name].split() for name in names if name in MODULES]
    return Brought(frozenset().union(*known), frozenset(names - MODULES.keys()))


def package_of(module: str) -> str:
    """The well-known package with a module, else one of the same name."""
    return next((name for name, modules in MODULES.items() if module in modules.split()), normalized(module))


def normalized(name: str) -> str:
    """A package's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "", name).lower()
