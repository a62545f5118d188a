import io
import stat
import threading
import zipfile
from pathlib import Path

from iotgen.local.emulator.bundles import Bundles


def packed(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name.replace("__", "/"))
            info.external_attr = (0o755 if name.startswith("bin") else 0o644) << 16
            archive.writestr(info, text)
    return content.getvalue()


def test_what_is_the_same_is_unpacked_once(tmp_path: Path) -> None:
    bundles, found = Bundles(tmp_path), []
    content = packed(python__a="1")
    threads = [threading.Thread(target=lambda: found.append(bundles.unpacked(content))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({*found}) == 1
    assert (found[0] / "python/a").read_text() == "1"
    assert bundles.unpacked(packed(python__a="2")) not in found
    assert len(list(tmp_path.iterdir())) == 2


def test_nobody_may_write_to_it(tmp_path: Path) -> None:
    folder = Bundles(tmp_path).unpacked(packed(bin__run="", lib__a=""))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert modes == {folder.name: 0o555, "bin": 0o555, "run": 0o555, "lib": 0o555, "a": 0o444}


def test_an_empty_one_and_one_that_would_leave_its_folder(tmp_path: Path) -> None:
    bundles = Bundles(tmp_path / "unpacked")
    assert list(bundles.unpacked(packed()).iterdir()) == []
    bundles.unpacked(packed(**{"..____..__outside": ""}))
    assert [path.name for path in tmp_path.iterdir()] == ["unpacked"]
