import json
import os
import re
import stat
from pathlib import Path

from iotgen.local.credentials import new_credentials
from iotgen.local.record import Files, LocalAws

AWS = LocalAws(1, 4566, "http://127.0.0.1:4566", "i", Path("log"), "eu-west-1", "AKIA", "the secret")


def test_each_start_has_its_own_and_a_shell_needs_no_quotes_for_it() -> None:
    drawn = [new_credentials() for _ in range(20)]
    assert len({each.access_key for each in drawn}) == len({each.secret_key for each in drawn}) == 20
    for each in drawn:
        assert re.fullmatch(r"AKIA[A-Z2-7]{16}", each.access_key)
        assert re.fullmatch(r"[\w-]{40}", each.secret_key)


def test_no_secret_is_shown_by_chance() -> None:
    credentials = new_credentials()
    assert credentials.secret_key not in repr(credentials)
    assert "the secret" not in repr(AWS)


def test_only_the_owner_can_read_the_record_whatever_the_umask(tmp_path: Path) -> None:
    files = Files(tmp_path / "out" / ".local")
    files.folder.mkdir(parents=True, mode=0o755)
    before = os.umask(0)
    try:
        with files.controlled():
            files.write(AWS)
    finally:
        os.umask(before)
    assert stat.S_IMODE(files.record.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    assert files.read() == AWS
    assert sorted(path.name for path in files.folder.iterdir()) == ["control.lock", "server.json"]


def test_a_record_of_an_older_iotgen_is_none(tmp_path: Path) -> None:
    files = Files(tmp_path)
    fields = {"pid": 1, "port": 4566, "endpoint": "http://127.0.0.1:4566", "instance": "i", "log": "log"}
    files.record.write_text(json.dumps(fields))
    assert files.read() is None
