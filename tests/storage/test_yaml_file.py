"""YAML is read strictly."""

import pytest

from cdppe_analysis.errors import RuleError, SourceError
from cdppe_analysis.storage.yaml_file import read_yaml


def test_a_date_stays_text(tmp_path):
    (tmp_path / "a.yml").write_text("date: 2020-02-20")
    assert read_yaml(tmp_path / "a.yml") == {"date": "2020-02-20"}


def test_a_key_given_twice_is_an_error_with_its_line(tmp_path):
    (tmp_path / "a.yml").write_text("plancher: 1\nplancher: 2\n")
    with pytest.raises(SourceError, match=r"'plancher' is given twice.*line 2"):
        read_yaml(tmp_path / "a.yml")


@pytest.mark.parametrize(("content", "match"), [(b"a: [1", "not a YAML file"), (b"a: \xe9", "is not in UTF-8")])
def test_what_is_no_yaml_is_the_error_asked_for(tmp_path, content, match):
    (tmp_path / "a.yml").write_bytes(content)
    with pytest.raises(RuleError, match=match):
        read_yaml(tmp_path / "a.yml", RuleError)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(SourceError, match=r"cannot read absent\.yml"):
        read_yaml(tmp_path / "absent.yml")
