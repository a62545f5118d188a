"""The code of a function is put live and waited for."""

from typing import Any

import pytest

from iotgen.errors import RemoteError
from iotgen.operate.code import CodeUpdates


class Lambda:
    """Answers with one status after the other."""

    def __init__(self, *statuses: str) -> None:
        self.statuses = list(statuses)
        self.put: list[tuple[str, bytes]] = []

    def update_function_code(self, *, FunctionName: str, ZipFile: bytes) -> dict[str, Any]:  # noqa: N803
        self.put.append((FunctionName, ZipFile))
        return self._about()

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "f-dev"
        return self._about()

    def _about(self) -> dict[str, Any]:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return {"LastUpdateStatus": status, "CodeSha256": "digest", "LastUpdateStatusReason": "no network"}


def test_it_is_waited_for_until_it_is_in_force() -> None:
    lambda_, slept = Lambda("InProgress", "InProgress", "Successful"), list[float]()
    assert CodeUpdates(lambda_, lambda: 0.0, slept.append).put("f-dev", b"zip") == "digest"
    assert lambda_.put == [("f-dev", b"zip")]
    assert len(slept) == 2


@pytest.mark.parametrize("statuses", [("InProgress", "Failed"), ("InProgress",)])
def test_an_update_that_fails_or_never_ends_is_an_error(statuses: tuple[str, ...]) -> None:
    now = [0.0]

    def sleep(_seconds: float) -> None:
        now[0] += 50

    with pytest.raises(RemoteError) as failed:
        CodeUpdates(Lambda(*statuses), lambda: now[0], sleep).put("f-dev", b"zip")
    assert failed.value.message == "cannot put the code of f-dev live: no network"
