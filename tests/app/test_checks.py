"""The checks of the mini program find the mistakes that they are for."""

import shutil
from pathlib import Path

import pytest

from tests.app.node import node

ROOT = Path(__file__).parents[2]
STUB = ROOT / "miniprogram_stub"


def run(check: str, folder: Path) -> tuple[int, str]:
    """The exit code of a check of this folder, and all that it said."""
    done = node(str(STUB / "checks" / check), str(folder))
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    """A copy of the mini program with its types, that a test may spoil."""
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    copy = tmp_path / "stub"
    shutil.copytree(STUB / "app", copy / "app")
    for name in ("tsconfig.json", "types.d.ts"):
        shutil.copy(STUB / name, copy)
    return copy


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("wx.getStorageSink('a');", "Property 'getStorageSink' does not exist"),
        ("platform.bzz();", "Property 'bzz' does not exist"),
        ("require('../../lib/apis.js');", "Cannot find module"),
        ("definePage({ onHide() { this.refersh(); } });", "Property 'refersh' does not exist"),
        ("Component({ methods: { a() { this.b(); } } });", "Property 'b' does not exist"),
    ],
)
def test_misspelt_member_is_a_type_error(stub: Path, line: str, error: str) -> None:
    append(stub / "app/pages/hunt/hunt.js", f"\n{line}\n")
    code, said = run("types.mjs", stub)
    assert code == 1
    assert said.count("error TS") == 1
    assert "hunt.js" in said
    assert error in said


def test_scripts_have_no_type_error(stub: Path) -> None:
    assert run("types.mjs", stub) == (0, "")


@pytest.mark.parametrize(
    ("file", "text", "error"),
    [
        ("pages/hunt/hunt.wxml", "<view>", "wcc refuses: pages/hunt/hunt.wxml"),
        ("pages/hunt/hunt.wxss", ".a { color:", "wcsc refuses: ERR: pages/hunt/hunt.wxss"),
        ("components/purse/purse.wxml", '<view wx:if="{{a +}}" />', "components/purse/purse.wxml"),
    ],
)
def test_compilers_of_wechat_name_a_faulty_file(
    stub: Path, file: str, text: str, error: str
) -> None:
    append(stub / "app" / file, text)
    code, said = run("compilers.mjs", stub / "app")
    assert code == 1
    assert error in said


def test_compilers_of_wechat_accept_all_pages() -> None:
    code, said = run("compilers.mjs", STUB / "app")
    assert code == 0, said
    pages = len(list((STUB / "app").rglob("*.wxml")))
    assert f"wcc accepts {pages} files." in said


def test_main_package_is_under_a_megabyte() -> None:
    code, said = run("size.mjs", STUB / "app")
    assert code == 0, said


def test_main_package_over_a_megabyte_is_refused(stub: Path) -> None:
    (stub / "app/images/large.png").write_bytes(bytes(1024 * 1024))
    code, said = run("size.mjs", stub / "app")
    assert code == 1
