"""Devices are enrolled with a key of their own, in a private file, and nothing half done stays behind."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iotgen.errors import IotgenError, RemoteError, UsageError
from iotgen.kinds.devices import DeviceGroup
from iotgen.kinds.devices.status import device_contents
from iotgen.model.contents import Amount
from iotgen.operate.devices import enrol, remove
from tests.emptied import empty_aws

if TYPE_CHECKING:
    from tests.conftest import Compile

pytestmark = pytest.mark.system
SPEC = """\
version: 1
pipeline: p
devices:
  sensors: {publish: ["dt/{device}/telemetry"]}
"""


@pytest.fixture
def iot() -> Iterator[Any]:
    """AWS IoT with the group of the spec."""
    with empty_aws():
        client = boto3.client(
            "iot", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        client.create_thing_group(thingGroupName="sensors-dev")
        yield client


@pytest.fixture
def group(compile_spec: Compile) -> DeviceGroup:
    return enrol.find_group(compile_spec(SPEC).model, None)


class Failing:
    """A client whose one method raises; all others are the real one's."""

    def __init__(self, client: Any, method: str, error: BaseException) -> None:
        self._client, self._method, self._error = client, method, error

    def __getattr__(self, name: str) -> Any:
        if name != self._method:
            return getattr(self._client, name)

        def fail(**_: Any) -> None:
            raise self._error

        return fail


def test_a_device_has_a_private_key_and_an_active_certificate_of_its_own(
    iot: Any, group: DeviceGroup, tmp_path: Path
) -> None:
    one = enrol.enrol(iot, group, "d-1", tmp_path / "keys")
    assert "PRIVATE KEY" in one.files.key.read_text(encoding="ascii")
    assert "BEGIN CERTIFICATE" in one.files.certificate.read_text(encoding="ascii")
    assert stat.S_IMODE(one.files.key.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    described = iot.describe_certificate(certificateId=one.certificate)["certificateDescription"]
    assert described["status"] == "ACTIVE"
    assert iot.list_thing_principals(thingName="d-1")["principals"] == [described["certificateArn"]]
    assert list(remove.names_of(iot, group)) == ["d-1"]


def test_a_device_is_enrolled_once(iot: Any, group: DeviceGroup, tmp_path: Path) -> None:
    enrol.enrol(iot, group, "d-1", tmp_path)
    with pytest.raises(IotgenError, match=r"d-1\.key is there already"):
        enrol.enrol(iot, group, "d-1", tmp_path)
    with pytest.raises(IotgenError, match="`d-1` has a certificate already"):
        enrol.enrol(iot, group, "d-1", tmp_path / "other")
    assert not list((tmp_path / "other").iterdir())


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("create_keys_and_certificate", ClientError({"Error": {"Code": "ThrottlingException"}}, "Create")),
        ("attach_thing_principal", ClientError({"Error": {"Code": "AccessDenied"}}, "Attach")),
        ("attach_thing_principal", KeyboardInterrupt()),
    ],
)
def test_what_fails_leaves_no_certificate_and_no_file_and_can_be_run_again(
    iot: Any, group: DeviceGroup, tmp_path: Path, method: str, error: BaseException
) -> None:
    with pytest.raises((RemoteError, KeyboardInterrupt)):
        enrol.enrol(Failing(iot, method, error), group, "d-1", tmp_path)
    assert not list(tmp_path.iterdir())
    assert iot.list_certificates()["certificates"] == []
    assert enrol.enrol(iot, group, "d-1", tmp_path).files.key.is_file()


def test_without_a_folder_that_can_be_written_aws_is_asked_for_nothing(
    group: DeviceGroup, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(IotgenError, match="cannot write"):
        enrol.enrol(None, group, "d-1", tmp_path / "file")


def test_a_removed_device_has_no_certificate_and_no_thing(
    iot: Any, group: DeviceGroup, tmp_path: Path
) -> None:
    one = enrol.enrol(iot, group, "d-1", tmp_path)
    assert remove.remove(iot, group, "d-1") == (one.certificate,)
    assert iot.list_certificates()["certificates"] == []
    assert iot.list_things()["things"] == []
    with pytest.raises(IotgenError) as raised:
        remove.remove(iot, group, "d-1")
    assert raised.value.message == "there is no device `d-1` in the group `sensors`"


@pytest.mark.parametrize("method", ["detach_thing_principal", "delete_certificate", "delete_thing"])
def test_a_removal_that_was_interrupted_is_ended_by_the_next_one(
    iot: Any, group: DeviceGroup, tmp_path: Path, method: str
) -> None:
    one = enrol.enrol(iot, group, "d-1", tmp_path)
    with pytest.raises(KeyboardInterrupt):
        remove.remove(Failing(iot, method, KeyboardInterrupt()), group, "d-1")
    assert remove.remove(iot, group, "d-1") == (() if method == "delete_thing" else (one.certificate,))
    assert iot.list_certificates()["certificates"] == []
    assert iot.list_things()["things"] == []


def test_a_certificate_that_was_given_to_another_thing_meanwhile_stays(
    iot: Any, group: DeviceGroup, tmp_path: Path
) -> None:
    one = enrol.enrol(iot, group, "d-1", tmp_path)
    with pytest.raises(KeyboardInterrupt):
        remove.remove(Failing(iot, "delete_certificate", KeyboardInterrupt()), group, "d-1")
    described = iot.describe_certificate(certificateId=one.certificate)["certificateDescription"]
    iot.create_thing(thingName="d-2")
    iot.attach_thing_principal(thingName="d-2", principal=described["certificateArn"])
    assert remove.remove(iot, group, "d-1") == ()
    assert [cert["certificateId"] for cert in iot.list_certificates()["certificates"]] == [one.certificate]


def test_a_thing_that_was_there_is_told_from_one_of_an_attempt_that_failed(
    iot: Any, group: DeviceGroup, tmp_path: Path
) -> None:
    iot.create_thing(thingName="theirs")
    assert enrol.enrol(iot, group, "theirs", tmp_path).adopted
    failing = Failing(iot, "create_keys_and_certificate", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        enrol.enrol(failing, group, "ours", tmp_path)
    assert not enrol.enrol(iot, group, "ours", tmp_path).adopted
    assert not enrol.enrol(iot, group, "new", tmp_path).adopted


def test_a_certificate_of_two_things_stays_with_the_other(
    iot: Any, group: DeviceGroup, tmp_path: Path
) -> None:
    one = enrol.enrol(iot, group, "d-1", tmp_path)
    iot.create_thing(thingName="d-2")
    described = iot.describe_certificate(certificateId=one.certificate)["certificateDescription"]
    iot.attach_thing_principal(thingName="d-2", principal=described["certificateArn"])
    remove.remove(iot, group, "d-1")
    again = iot.describe_certificate(certificateId=one.certificate)["certificateDescription"]
    assert again["status"] == "ACTIVE"


def test_what_aws_still_sees_as_attached_is_deleted_a_little_later(
    iot: Any, group: DeviceGroup, tmp_path: Path
) -> None:
    enrol.enrol(iot, group, "d-1", tmp_path)
    conflict = ClientError({"Error": {"Code": "DeleteConflictException"}}, "DeleteCertificate")
    failing, waits = Failing(iot, "delete_certificate", conflict), []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        failing._method = "nothing"

    assert len(remove.remove(failing, group, "d-1", wait)) == 1
    assert waits == [1.0]


def test_a_group_that_is_not_there_is_told_with_the_command_that_makes_it(
    iot: Any, group: DeviceGroup
) -> None:
    iot.delete_thing_group(thingGroupName="sensors-dev")
    with pytest.raises(IotgenError) as raised:
        enrol.require_deployed(iot, group, "iotgen apply --suffix dev")
    assert raised.value.message == (
        "the group `sensors` is not deployed: AWS has no thing group `sensors-dev`"
    )
    assert raised.value.hint == "Run `iotgen apply --suffix dev` first."


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("a b",), "'a b' cannot be the name of a device"),
        (("../x",), "'../x' cannot be the name of a device"),
        (("d", "d"), "a device is named twice"),
    ],
)
def test_a_name_that_no_thing_can_have_is_refused(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        enrol.check_names(names)
    assert raised.value.message == message


@pytest.mark.parametrize(
    ("devices", "key", "message"),
    [
        ("", None, "the spec has no `devices`"),
        ("devices: {a: {}, b: {}}", None, "the spec has several groups"),
        (
            "devices: {sensors: {}}",
            "sensor",
            "there is no group of devices `sensor`; did you mean `sensors`?",
        ),
    ],
)
def test_a_group_has_to_be_one_of_the_spec(
    compile_spec: Compile, devices: str, key: str | None, message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        enrol.find_group(compile_spec(f"version: 1\npipeline: p\n{devices}\n").model, key)
    assert raised.value.message == message


def test_a_device_has_the_type_of_its_group(iot: Any, compile_spec: Compile, tmp_path: Path) -> None:
    iot.create_thing_type(thingTypeName="esp32-dev")
    iot.create_thing(thingName="there-already")
    group = enrol.find_group(
        compile_spec(SPEC.replace("{pub", "{type: {name: 'esp32-{suffix}'}, pub")).model, None
    )
    for name in ("d-1", "there-already"):
        enrol.enrol(iot, group, name, tmp_path)
        assert iot.describe_thing(thingName=name)["thingTypeName"] == "esp32-dev"
    deployed = {"name": "sensors-dev"}
    assert device_contents(lambda _service: iot, deployed, datetime(2026, 1, 1, tzinfo=UTC)) == Amount(
        "2 devices, which could no longer connect; AWS refuses to delete their type `esp32-dev` until "
        "`iotgen devices remove` has removed them all",
        empty=False,
    )
