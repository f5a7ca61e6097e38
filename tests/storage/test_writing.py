"""Files are written whole or not at all."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.storage.writing import replaced, write_text


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
