"""Files are found, decoded where that is certain, written whole or not at all."""

import errno
import os
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from cdppe_analysis.errors import SourceError, TableError
from cdppe_analysis.storage import files
from cdppe_analysis.storage.files import (
    check_folder,
    check_writable,
    decoded,
    read_bytes,
    read_json,
    replaced,
    write_text,
)


def test_the_data_folder_holds_the_catalogue():
    assert (files.data_dir() / "sources.yml").is_file()


def test_the_shapes_folder_holds_the_contours():
    assert (files.shapes_dir() / "departements.geojson").is_file()


def test_an_installation_without_data_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "cdppe_analysis")
    with pytest.raises(SourceError, match="carries no folder 'data'"):
        files.data_dir()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_its_mark_or_without(encoding):
    assert decoded("Côte-d’Or\n".encode(encoding), "a.csv") == "Côte-d’Or\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the folder that a process runs in")
def test_a_folder_that_is_gone_is_said(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(TableError, match=r"^cannot write m\.csv: the folder that this is run in is gone$"):
        check_writable("m.csv")


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-be"])
def test_another_unicode_is_named(encoding):
    with pytest.raises(TableError, match=r"^a\.csv is in UTF-32: save it in UTF-8$"):
        decoded("\ufeffAin\n".encode(encoding), "a.csv")


def test_windows_1252_is_read_where_it_is_allowed():
    assert decoded("Isère".encode("cp1252"), "a.csv", windows=True) == "Isère"
    with pytest.raises(TableError, match=r"a\.csv is not in UTF-8 \(at line 2, byte 7\)"):
        decoded("Ain\nIsère".encode("cp1252"), "a.csv")


def test_what_is_no_text_is_said_with_its_place():
    with pytest.raises(TableError, match=r"a\.csv is no text file \(at line 2, byte 4\)"):
        decoded(b"ab\n\x00", "a.csv")


def test_a_file_that_is_too_large_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x" * 1001)
    assert len(read_bytes(tmp_path / "a.csv", most=1001)) == 1001
    with pytest.raises(TableError, match=r"a\.csv is larger than the 0 MB"):
        read_bytes(tmp_path / "a.csv", most=1000)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(TableError, match="cannot read"):
        read_bytes(tmp_path)


def test_an_existing_file_is_replaced(tmp_path):
    target = tmp_path / "amounts.csv"
    target.write_text("before")
    write_text(target, "after")
    assert target.read_text() == "after"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "amounts.csv"
    target.write_text("before")

    with pytest.raises(ZeroDivisionError), replaced(target) as temporary:  # noqa: PT012
        temporary.write_text("half")
        raise ZeroDivisionError
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["amounts.csv"]


def test_a_folder_that_does_not_exist_is_one_sentence(tmp_path):
    with pytest.raises(TableError, match=r"cannot write in the folder .*missing"):
        write_text(tmp_path / "missing" / "amounts.csv", "x")


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    real = tmp_path / "real.csv"
    real.write_text("before")
    (tmp_path / "link.csv").symlink_to(real)
    write_text(tmp_path / "link.csv", "after")
    assert (tmp_path / "link.csv").is_symlink()
    assert real.read_text() == "after"


def test_the_rights_of_a_file_are_kept(tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("before")
    target.chmod(0o640)
    write_text(target, "after")
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_rights_that_the_user_gives_to_files(tmp_path):
    (tmp_path / "by_hand").write_text("x")
    write_text(tmp_path / "a.csv", "x")
    assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "by_hand").stat().st_mode


@pytest.mark.skipif(os.name == "nt", reason="there are no devices in the folders of Windows")
def test_a_device_is_written_into_and_never_replaced():
    before = os.stat(os.devnull)
    write_text(os.devnull, "x")
    after = os.stat(os.devnull)
    assert (after.st_mode, after.st_rdev, after.st_ino) == (before.st_mode, before.st_rdev, before.st_ino)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_receives_the_whole_text(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as threads:
        read = threads.submit(pipe.read_text)
        write_text(pipe, "through")
        assert read.result(timeout=10) == "through"
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", [".", "folder", "n" * 300 + ".csv", "nul\0.csv"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(TableError, match="cannot write"):
        check_writable(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_failure_at_the_last_step_leaves_nothing_half_written(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(TableError, match=r"cannot write .*a\.csv: No space left"):
        write_text(tmp_path / "a.csv", "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [("file/x", "file is no folder"), ("n" * 300, "can have this name"), ("a\0b", "can have this name")],
)
def test_a_folder_that_cannot_be_made_is_refused_before_the_work(tmp_path, name, said):
    (tmp_path / "file").write_text("")
    with pytest.raises(TableError, match=f"cannot make the folder .*{said}"):
        check_folder(tmp_path / name)
    assert check_folder(tmp_path / "new" / "deep") == tmp_path / "new" / "deep"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("content", "said"), [(b"{", "no JSON file"), (b"[" * 100_000, "no JSON file"), (b"[1]", "holds no JSON object")]
)
def test_a_json_file_that_holds_no_object_is_refused(tmp_path, content, said):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(TableError, match=f"a.json.* {said}|a.json {said}"):
        read_json(tmp_path / "a.json")
    (tmp_path / "a.json").write_bytes(b'{"a": 1}')
    assert read_json(tmp_path / "a.json") == {"a": 1}


def test_what_an_installed_wheel_carries_comes_before_what_stands_beside(monkeypatch, tmp_path):
    package = tmp_path / "cdppe_analysis"
    monkeypatch.setattr(files, "_PACKAGE", package)
    (tmp_path / "data").mkdir()
    assert (files.data_dir(), files.carried_inside()) == (tmp_path / "data", False)
    (package / "carried" / "data").mkdir(parents=True)
    assert (files.data_dir(), files.carried_inside()) == (package / "carried" / "data", True)
    with pytest.raises(SourceError, match="carries no folder 'shapes'"):
        files.shapes_dir()


@pytest.mark.parametrize(("size", "fits"), [(100_000_000, True), (100_000_001, False)])
def test_a_hundred_megabytes_are_read_and_no_more(tmp_path, size, fits):
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(size)
    if fits:
        assert len(read_bytes(tmp_path / "a.csv")) == size
    else:
        with pytest.raises(TableError, match=r"a\.csv is larger than the 100 MB that are read"):
            read_bytes(tmp_path / "a.csv")


@pytest.mark.parametrize(("content", "line", "byte"), [(b"\x00", 1, 1), (b"\n\x00", 2, 2), (b"\n\n\x00\n", 3, 3)])
def test_a_line_is_counted_from_1_and_ends_with_its_line_end(content, line, byte):
    with pytest.raises(TableError) as refused:
        decoded(content, "a.csv")
    assert refused.value.cell == f"line {line}, byte {byte}"


def test_what_is_in_no_encoding_is_said_with_its_place():
    with pytest.raises(TableError) as refused:
        decoded(b"ab\n\x81", "a.csv", windows=True)
    assert refused.value.message == "a.csv is neither in UTF-8 nor in Windows-1252"
    assert refused.value.cell == "line 2, byte 4"
    with pytest.raises(TableError, match="is neither in UTF-8 nor in Windows-1252"):
        decoded(b"\xef\xbb\xbf\xe9", "a.csv", windows=True)


@pytest.mark.parametrize(("letters", "fits"), [(255, True), (256, False)])
def test_a_folder_has_a_name_of_255_bytes_at_most(tmp_path, letters, fits):
    for name in ("n" * letters, "é" * (letters // 2) + "n" * (letters % 2)):
        if fits:
            assert check_folder(tmp_path / name) == tmp_path / name
        else:
            with pytest.raises(TableError, match="no folder can have this name"):
                check_folder(tmp_path / name)


@pytest.mark.parametrize("check", [check_folder, check_writable])
def test_a_place_without_a_name_is_none(check):
    with pytest.raises(TableError, match="without a name"):
        check("")


def test_a_text_is_written_in_utf_8_with_unix_line_ends(tmp_path):
    write_text(tmp_path / "a.csv", "é\nb\n")
    assert (tmp_path / "a.csv").read_bytes() == b"\xc3\xa9\nb\n"


def test_the_temporary_file_stands_beside_with_the_same_suffix(tmp_path):
    with replaced(tmp_path / "a.csv") as temporary:
        assert (temporary.parent, temporary.suffix) == (tmp_path, ".csv")
        assert temporary.name.startswith(".cdppe-")
        temporary.write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_new_file_may_be_read_by_all_where_the_user_says_so(tmp_path):
    before = os.umask(0o022)
    try:
        write_text(tmp_path / "a.csv", "x")
    finally:
        assert os.umask(before) == 0o022
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o644


def test_a_socket_is_refused_before_the_work(tmp_path, monkeypatch):
    """In the folder itself, since the name of a socket is short."""
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("prise")
        with pytest.raises(TableError, match="cannot write prise: it is a disk or a socket"):
            check_writable("prise")


def test_the_variable_of_the_figures_has_the_name_that_notebooks_are_given():
    assert files.PUBLISHED == "CDPPE_FIGURES"
