"""Bytes become text where that is certain, else the sentence says where it is not."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.encoding import decoded, read_bytes, read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_its_mark_or_without(encoding):
    assert decoded("Côte-d’Or\n".encode(encoding), "a.csv") == "Côte-d’Or\n"


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
        read_text(tmp_path)
