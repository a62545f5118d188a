import pytest

from iotgen.errors import IotgenError, RemoteError
from iotgen.package.pip_errors import explain
from iotgen.package.platforms import lambda_platform
from iotgen.package.requirements import Pin

PINS = [Pin("six", "1.17.0", (), "", (), 1), Pin("typing-extensions", "4.16.0", (), "", (), 2)]
LAMBDA = lambda_platform("python3.11", "x86_64")
NOISE = "WARNING: Location 'file:///somewhere/six/' is ignored: it is neither a file nor a directory."
NONE = [
    "ERROR: Could not find a version that satisfies the requirement six==1.17.0 (from versions: none)",
    "ERROR: No matching distribution found for six==1.17.0",
]
SOME = [NONE[0].replace("none", "1.15.0, 1.16.0"), NONE[1]]
PAGE = "https://pypi.example/simple/six/"
FILES = "https://files.example/packages/"


def explained(*lines: str) -> IotgenError:
    return explain(
        [NOISE, *lines, "Exception information:", "Traceback (most recent call last):"], PINS, LAMBDA
    )


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            [f"  Skipping link: No sources permitted for six: {FILES}six-1.17.0.tar.gz#sha256=ff", *NONE],
            "six 1.17.0 has no wheel for python3.11 on x86_64 (glibc 2.26)",
        ),
        (
            [
                "  Skipping link: none of the wheel's tags (cp311-cp311-manylinux_2_28_x86_64) are "
                f"compatible (run pip debug): {FILES}six-1.17.0-cp311-cp311-manylinux_2_28_x86_64.whl",
                *SOME,
            ],
            "six 1.17.0 has no wheel for python3.11 on x86_64 (glibc 2.26)",
        ),
        (SOME, "the package index has no six 1.17.0; its newest version is 1.16.0"),
        (
            [
                f"Could not fetch URL {PAGE}: 404 Client Error: Not Found - skipping",
                *NONE,
            ],
            "the package index has no six 1.17.0",
        ),
        (
            [f"  Skipping link: 1.17.0 Requires-Python >=3.12: {FILES}six-1.17.0-py3-none-any.whl", *SOME],
            "six 1.17.0 needs Python >=3.12, and the layer is for python3.11 on x86_64",
        ),
        (
            [
                "ERROR: Ignored the following versions that require a different python version: "
                "1.17.0 Requires-Python >=3.12; 1.18.0 Requires-Python >=3.13",
                *SOME,
            ],
            "six 1.17.0 needs Python >=3.12, and the layer is for python3.11 on x86_64",
        ),
        (
            [
                "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you",
                f"    typing_extensions==4.16.0 from {FILES}typing_extensions-4.16.0-py3-none-any.whl:",
                "        Expected sha256 aa",
                "             Got        bb",
            ],
            "the wheel of typing-extensions 4.16.0 has none of the hashes that are listed for it",
        ),
        (["/usr/bin/python3: No module named pip"], "building a layer needs pip, which this Python lacks"),
        (
            ["ERROR: Exception:", "  File x", "OSError: [Errno 28] No space left on device"],
            "the disk is full: there is no space for the packages of a layer",
        ),
    ],
)
def test_faults_of_the_file(lines: list[str], message: str) -> None:
    error = explained(*lines)
    assert error.message == message
    assert error.exit_code == 1


@pytest.mark.parametrize(
    "lines",
    [
        [
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError()': /six/",
            *NONE,
        ],
        [
            "Could not fetch URL https://pypi.example/simple/six/: too many 503 error responses - skipping",
            *NONE,
        ],
        [
            "Could not fetch URL https://pypi.example/simple/six/: There was a problem confirming the ssl "
            "certificate: self-signed - skipping",
            *NONE,
        ],
        ["ERROR: HTTP error 502 while getting https://files.example/six-1.17.0-py3-none-any.whl"],
        ["pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='x'): timed out."],
    ],
)
def test_faults_of_the_network(lines: list[str]) -> None:
    error = explained(*lines)
    assert isinstance(error, RemoteError)
    assert error.message.startswith("the package index cannot be reached: ")
    assert "cached" in error.hint


@pytest.mark.parametrize(
    ("why", "short"),
    [
        (
            "connection error: HTTPSConnectionPool(host='x', port=443): Max retries exceeded (Caused by "
            "NewConnectionError('<HTTPSConnection object at 0x7f>: Failed to establish a new connection: "
            "[Errno -2] Name or service not known'))",
            "Name or service not known",
        ),
        (
            "HTTPConnectionPool(host='x'): Max retries exceeded (Caused by ResponseError('too many 503 error "
            "responses'))",
            "too many 503 error responses",
        ),
        ("500 Server Error: Oops for url: x", "500 Server Error: Oops for url: x"),
    ],
)
def test_the_reason_is_short(why: str, short: str) -> None:
    error = explained(f"Could not fetch URL {PAGE}: {why} - skipping", *NONE)
    assert error.message == f"the package index cannot be reached: {PAGE}: {short}"


def test_an_index_beside_that_does_not_answer_is_not_to_blame() -> None:
    error = explained("WARNING: Retrying (Retry(total=4)) after connection broken by 'x': /other/", *SOME)
    assert error.message == "the package index has no six 1.17.0; its newest version is 1.16.0"


def test_whatever_else_pip_says() -> None:
    crash = ["ERROR: Exception:", "Traceback (most recent call last):", "KeyError: 'x'"]
    assert explain(crash, PINS, LAMBDA).message == "pip failed: KeyError: 'x'"
    assert explain(["what is this", ""], PINS, LAMBDA).message == "pip failed: what is this"
    assert explain([], PINS, LAMBDA).message == "pip failed: it printed nothing"


def test_a_crash_gives_its_reason_whatever_pip_writes_behind_it() -> None:
    crash = [
        "  ERROR: Exception:",
        "  Traceback (most recent call last):",
        '    File "pip/x.py", line 1, in run',
        "      return func(self)",
        "  OSError: a first reason",
        "",
        "  During handling of the above exception, another exception occurred:",
        "",
        "  Traceback (most recent call last):",
        '    File "pip/y.py", line 2, in run',
        "      ^^^^^",
        "  ValueError: the real reason",
        "  of two lines",
        "Exception information:",
        "Removed file:///x from build tracker '/tmp/x'",
        "Removed build tracker: '/tmp/x'",
    ]
    assert explain(crash, PINS, LAMBDA).message == "pip failed: ValueError: the real reason"


def test_what_pip_clears_up_is_no_reason() -> None:
    lines = ["Created build tracker: /tmp/x", "ValueError in a hook", "Removed build tracker: '/tmp/x'"]
    assert explain(lines, PINS, LAMBDA).message == "pip failed: ValueError in a hook"
    assert explain(lines[:1], PINS, LAMBDA).message == "pip failed: it printed nothing"
