"""Specs made by chance: valid ones, which know where each of their texts must end up, and broken ones."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from hypothesis import strategies as st

from iotgen.checks import RULES
from iotgen.model.sources import Sources

Path = tuple[str | int, ...]
Draw = Callable[[st.SearchStrategy[Any]], Any]

BODY_FILE = "schemas/body.json"
# What ends a text, a template, a line or a document somewhere on the way.
_PIECES = [
    *('"', "'", "\\", '\\"', "${", "%{", "$${", "%%{", "$", "%", "{", "}", "${path.module}", "%{ if true }"),
    *(
        "{{",
        "}}",
        "{%",
        "{#",
        "\n",
        "\r\n",
        "\n\n  ",
        "\t",
        ": ",
        "- ",
        " #",
        "&",
        "*",
        "!",
        "|",
        ">",
        "~",
        "no",
    ),
    *("😀", "é", "日本", "\u2028", "\x7f", "\x00", "\x85", "\ufeff", "</script>", "\\u0041", "a b", "x" * 40),
]


@dataclass(frozen=True)
class Valid:
    """A spec without errors, for the environment `suffix`.

    `texts` are its texts by the place in the Terraform JSON where each must stand, and nowhere else.
    """

    data: dict[str, Any]
    suffix: str
    body: str
    texts: Mapping[Path, str]
    text: str


@dataclass
class _Maker:
    """Draws the sections of a valid spec, and remembers where its texts belong."""

    draw: Draw
    made: int = 0
    texts: dict[Path, str] = field(default_factory=dict)
    triggers: Counter[str] = field(default_factory=Counter)

    def some(self, most: int = 2) -> range:
        return range(self.draw(st.integers(0, most)))

    def maybe(self) -> bool:
        return bool(self.draw(st.booleans()))

    def key(self, kind: str) -> str:
        self.made += 1
        return f"{kind}{self.draw(st.from_regex(r'[a-z0-9]{0,6}', fullmatch=True))}-{self.made}"

    def text(self, most_bytes: int, lines: bool = True, pieces: list[str] = _PIECES) -> str:
        """A text that no other part of the spec has, of so many bytes at most."""
        self.made += 1
        mark = f"mark{self.made}x"
        around = [piece for piece in pieces if lines or not set(piece) & set("\r\n\x85\u2028")]
        before, after = (self.draw(st.lists(st.sampled_from(around), max_size=4)) for _ in "ab")
        long = most_bytes > 1000 and self.draw(st.integers(0, 9)) == 9
        whole = "".join(before) + mark + "".join(after) + "y" * (min(most_bytes, 10_000) if long else 0)
        return whole.encode()[:most_bytes].decode(errors="ignore")

    def put(self, settings: dict[str, Any], name: str, text: str, *places: Path) -> None:
        settings[name] = text
        self.texts |= dict.fromkeys(places, text)


def _label(key: str) -> str:
    return key.replace("-", "_")


def _unnested(text: str) -> str:
    """The text without a pair of braces, which Parameter Store takes for another parameter."""
    return text.replace("}}", "} ")


def _parameters(make: _Maker) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in make.some():
        key = make.key("p")
        place = ("resource", "aws_ssm_parameter", _label(key))
        settings: dict[str, Any] = {}
        if make.maybe():
            make.put(settings, "description", make.text(1000), (*place, "description"))
        match make.draw(st.sampled_from(("secure", "text", "data"))):
            case "secure":
                settings["secure"] = True
            case "text":
                make.put(settings, "value", _unnested(make.text(4096)), (*place, "value"))
            case _:
                value = {
                    "a": _unnested(make.text(500)),
                    "b": [make.draw(st.integers()), None, 1.5, {"c": False}],
                }
                settings["value"] = value
                make.texts[(*place, "value")] = json.dumps(
                    value, ensure_ascii=False, separators=(",", ":"), sort_keys=True
                )
        found[key] = settings
    return found


def _tables(make: _Maker) -> dict[str, Any]:
    found: dict[str, Any] = {}
    kinds = st.sampled_from(("string", "number", "binary"))
    for _ in make.some():
        key = make.key("t")
        place = ("resource", "aws_dynamodb_table", _label(key))
        hash_key, range_key, ttl = (make.text(120, lines=False) for _ in range(3))
        settings: dict[str, Any] = {"partition_key": {hash_key: make.draw(kinds)}}
        make.texts |= {(*place, "hash_key"): hash_key, (*place, "attribute", 0, "name"): hash_key}
        if make.maybe():
            settings["sort_key"] = {range_key: make.draw(kinds)}
            make.texts |= {(*place, "range_key"): range_key, (*place, "attribute", 1, "name"): range_key}
        if make.maybe():
            make.put(settings, "ttl", ttl, (*place, "ttl", "attribute_name"))
        found[key] = settings
    return found


def _topics(make: _Maker) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in make.some():
        key = make.key("s")
        subscriptions: list[dict[str, str]] = [{"email": f"a{make.made}@example.com"}] if make.maybe() else []
        if make.maybe():
            make.made += 1
            url = f"https://example.com/{make.made}?a=${{b}}&c=%{{d}}\"'😀" + "z" * make.draw(
                st.sampled_from((0, 10_000))
            )
            subscriptions.append({"https": url})
        found[key] = {"subscriptions": subscriptions} if subscriptions else {}
    return found


def _queues(make: _Maker) -> dict[str, Any]:
    optional = {"max_receives": st.integers(1, 1000), "retention_days": st.integers(1, 13)}
    return {make.key("q"): make.draw(st.fixed_dictionaries({}, optional=optional)) for _ in make.some()}


def _buckets(make: _Maker) -> dict[str, Any]:
    optional = {"expire_days": st.integers(1, 36500), "versioned": st.booleans()}
    return {make.key("b"): make.draw(st.fixed_dictionaries({}, optional=optional)) for _ in make.some()}


_SECTIONS: Mapping[str, Callable[[_Maker], dict[str, Any]]] = {
    "parameters": _parameters,
    "tables": _tables,
    "topics": _topics,
    "queues": _queues,
    "buckets": _buckets,
}
_FUNCTION = {
    "memory": st.integers(128, 10240),
    "timeout": st.integers(1, 900),
    "reserved_concurrency": st.integers(4, 1000),
    "log_retention_days": st.sampled_from((1, 30, 3653)),
    "log_level": st.sampled_from(("DEBUG", "WARN")),
    "vpc": st.just({"subnets": ["subnet-0a1b2c3d"], "security_groups": ["sg-0a1b2c3d"]}),
    "code_signing": st.just(
        "arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0f6c334abcdea4d8b"
    ),
}
_API = {
    "log_retention_days": st.sampled_from((1, 365)),
    "web_acl": st.just(
        "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f"
    ),
}


def _functions(make: _Maker, data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    queues = list(data["queues"])
    for _ in make.some(3):
        key = make.key("f")
        place = ("resource", "aws_lambda_function", _label(key))
        settings: dict[str, Any] = {
            "source": f"handlers/{make.text(60, lines=False, pieces=['a', '$', '{', 'é', '😀'])}"
        }
        settings |= make.draw(st.fixed_dictionaries({}, optional=_FUNCTION))
        if make.maybe():
            make.put(settings, "description", make.text(250), (*place, "description"))
        names = [f"V{make.made}_{index}" for index in make.some()]
        settings["environment"] = {}
        for name in names:
            make.put(
                settings["environment"], name, make.text(1500), (*place, "environment", "variables", name)
            )
        settings["access"] = _access(make, data)
        settings["triggers"] = _triggers(make, data, queues, settings["access"])
        if data["layers"] and make.maybe():
            settings["layers"] = list(data["layers"])
        found[key] = settings
    return found


def _access(make: _Maker, data: dict[str, Any]) -> dict[str, Any]:
    verbs = {
        "tables": st.sampled_from(("read", "write", "read-write")),
        "queues": st.sampled_from(("send", "reject")),
        "topics": st.just("publish"),
        "parameters": st.just("read"),
        "buckets": st.sampled_from(({"read": "in/"}, {"write": "out/"}, {"read": "in/", "write": "out/"})),
    }
    return {
        section: {key: make.draw(verb) for key in data[section] if make.maybe()}
        for section, verb in verbs.items()
    }


def _triggers(
    make: _Maker, data: dict[str, Any], queues: list[str], access: dict[str, Any]
) -> list[dict[str, Any]]:
    triggers: list[dict[str, Any]] = []
    if queues and make.maybe():
        queue = queues.pop()
        access["queues"].pop(queue, None)
        window = {"batch_size": make.draw(st.integers(11, 10_000)), "batch_window": 300}
        triggers.append({"queue": queue, **(window if make.maybe() else {})})
    for bucket in data["buckets"]:
        if make.maybe():
            make.made += 1
            triggers.append({"bucket": bucket, "prefix": f"in/{make.made}/"})
            if make.maybe():
                place = ("resource", "aws_s3_bucket_notification", _label(bucket), "lambda_function")
                suffix = make.text(300, pieces=[".json", "'(!)", "_-", "/"])
                make.put(triggers[-1], "suffix", suffix, (*place, make.triggers[bucket], "filter_suffix"))
            make.triggers[bucket] += 1
    return triggers


def _endpoints(make: _Maker, functions: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for function in functions:
        if not make.maybe():
            continue
        make.made += 1
        settings: dict[str, Any] = {"method": "POST", "function": function}
        if make.maybe():
            settings["body"] = BODY_FILE
        if make.maybe():
            settings["parameters"] = {"device_id": "required", "a.b-$": "optional"}
        found[f"/e{make.made}/{{id}}/x"] = settings
    return found


def _alarms(make: _Maker, data: dict[str, Any], suffix: str) -> dict[str, Any]:
    threshold = st.one_of(st.just(False), st.integers(1, 100))
    found: dict[str, Any] = {
        "functions": make.draw(
            st.fixed_dictionaries({}, optional={"errors": threshold, "duration": threshold})
        ),
        "queues": make.draw(
            st.fixed_dictionaries({}, optional={"age": threshold, "dead_letters": threshold})
        ),
        "topics": make.draw(st.fixed_dictionaries({}, optional={"failures": threshold})),
        "metrics": {},
        "silence": {function: 15 for function in data["functions"] if make.maybe()},
    }
    if data["topics"]:
        found["notify"] = next(iter(data["topics"]))
    for function in data["functions"]:
        if make.maybe():
            key = make.key("m")
            place = ("resource", "aws_cloudwatch_metric_alarm", _label(key))
            metric = make.text(200)
            found["metrics"][key] = {"function": function, "metric": metric, "threshold": 0.5}
            make.texts[(*place, "metric_name")] = metric
            make.texts[(*place, "alarm_description")] = f"{metric} of {function}-{suffix}"
    return found


def _rest(make: _Maker, suffix: str) -> dict[str, Any]:
    found: dict[str, Any] = {"version": 1, "pipeline": make.key("pipeline")}
    if make.maybe():
        value = make.text(200, pieces=["é", " .:/", "=+-@", "日本"])
        found["tags"] = {"team name": value}
        make.texts[("provider", "aws", "default_tags", "tags", "team name")] = value
    if make.maybe():
        key = f"x{make.text(300, lines=False)}/{{suffix}}/state"
        found["state"] = {"s3": {"bucket": "acme-state", "key": key}}
        make.texts[("terraform", "backend", "s3", "key")] = key.replace("{suffix}", suffix)
    if make.maybe():
        found["defaults"] = {"function": make.draw(st.fixed_dictionaries({}, optional=_FUNCTION))}
    found["encryption"] = {"customer_managed_key": make.maybe()}
    return found


@st.composite
def _written(draw: Draw, data: dict[str, Any]) -> str:
    """YAML of the data, in one of the ways to write it."""
    flow, width = draw(st.sampled_from((None, True))), draw(st.sampled_from((40, 10**6)))
    text = yaml.safe_dump(data, sort_keys=False, default_flow_style=flow, width=width, allow_unicode=True)
    if draw(st.booleans()) or yaml.safe_load(text) != data:  # it writes a NEL as it is, and reads a space
        text = yaml.safe_dump(data, sort_keys=False, default_flow_style=flow, width=width)
    return str(text)


@st.composite
def _valid(draw: Draw) -> Valid:
    make = _Maker(draw)
    suffix = draw(st.sampled_from(("dev", "prod", "pr-7")))
    data = _rest(make, suffix)
    data["layers"] = {make.key("l"): {"requirements": "requirements.txt"} for _ in make.some(1)}
    data |= {section: make_section(make) for section, make_section in _SECTIONS.items()}
    data["functions"] = _functions(make, data)
    data["endpoints"] = _endpoints(make, data["functions"])
    if data["endpoints"]:
        data["api"] = make.draw(st.fixed_dictionaries({}, optional=_API))
    data["alarms"] = _alarms(make, data, suffix)
    data["environments"] = {"prod": {"tags": {"stage": "p"}, "defaults": {"function": {"memory": 512}}}}
    body = json.dumps({"type": "object", "description": make.text(10_000)})
    if any("body" in settings for settings in data["endpoints"].values()):
        schema = json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        api = f"{data['pipeline']}-api".replace("-", "_")
        make.texts[("resource", "aws_api_gateway_model", f"{api}__Body", "schema")] = schema
    return Valid(data, suffix, body, make.texts, draw(_written(data)))


_WRONG = st.one_of(
    st.sampled_from(
        (None, True, "", "x", [], {}, [None], {"": ""}, -1, 0, 2**70, 1e308, "on", "${a}", "a\nb")
    ),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=5,
    ),
)


def _places(node: Any, path: Path = ()) -> list[Path]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for step, value in inner for place in _places(value, (*path, step)))]


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


@st.composite
def _mutated(draw: Draw) -> str:
    """A valid spec with one to three things in it dropped, renamed, moved or replaced."""
    data = copy.deepcopy(draw(_valid()).data)
    for _ in range(draw(st.integers(1, 3))):
        *above, step = draw(st.sampled_from(_places(data)[1:]))
        owner = _at(data, tuple(above))
        value = owner[step]
        match draw(st.sampled_from(("drop", "rename", "move", "replace", "add"))):
            case "drop":
                del owner[step]
            case "rename" if isinstance(step, str):
                del owner[step]
                at = draw(st.integers(0, len(step)))
                owner[step[:at] + draw(st.text(max_size=2)) + step[at + draw(st.integers(0, 1)) :]] = value
            case "move":
                owner[step] = copy.deepcopy(_at(data, draw(st.sampled_from(_places(data)))))
            case "add" if isinstance(owner, dict):
                owner[draw(st.text(max_size=6))] = copy.deepcopy(draw(_WRONG))
            case _:
                owner[step] = copy.deepcopy(draw(_WRONG))
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


_DAMAGE = st.one_of(
    st.sampled_from(
        [*list(":{}[]&*!|>%@`\"'#,?-\t\n \x00\ufeff\x85"), "\n---\n", "<<: *a", "&a ", "*a", "!!int "]
    ),
    st.text(max_size=3),
)


@st.composite
def _damaged(draw: Draw) -> str:
    """The text of a spec with characters lost, put in or repeated."""
    text = draw(st.one_of(_valid().map(lambda valid: valid.text), _mutated()))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 12)))
        match draw(st.sampled_from(("lose", "put", "repeat", "cut"))):
            case "lose":
                text = text[:start] + text[stop:]
            case "put":
                text = text[:start] + draw(_DAMAGE) + text[start:]
            case "repeat":
                end = text.find("\n", stop) + 1
                text = text[:end] + text[start:end] + text[end:]
            case _:
                text = text[:start]
    return str(text)


@pytest.fixture(scope="session")
def valid_specs() -> st.SearchStrategy[Valid]:
    """Specs without errors."""
    return _valid()


@pytest.fixture(scope="session")
def compile_valid(compile_spec: Callable[..., Any]) -> Callable[[Valid], Any]:
    """Takes a valid spec all the way to Terraform JSON, with every file that it names."""

    def compile_valid(valid: Valid) -> Any:
        sources = Sources(
            folders={settings["source"]: ("handler.py",) for settings in valid.data["functions"].values()},
            texts={BODY_FILE: valid.body, "requirements.txt": ""},
        )
        return compile_spec(valid.text, valid.suffix, sources, rules=RULES)

    return compile_valid


@pytest.fixture(scope="session")
def any_bytes() -> st.SearchStrategy[bytes]:
    """Whatever a file called spec.yaml may hold: specs with faults, damaged texts, and noise."""
    texts = st.one_of(_mutated(), _damaged(), st.text(max_size=200))
    return st.one_of(texts.map(lambda text: text.encode(errors="surrogatepass")), st.binary(max_size=200))
