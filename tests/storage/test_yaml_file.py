"""YAML is read strictly."""

import pytest

from cdppe_analysis.errors import RuleError, SourceError
from cdppe_analysis.storage.yaml_file import parse_yaml, read_yaml


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
    with pytest.raises(SourceError, match=r"cannot read .*absent\.yml"):
        read_yaml(tmp_path / "absent.yml")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("a: &x [1]\nb: *x\n", r"anchors and aliases .* \(at a\.yml, line 1\)"),
        ("a: 1\nb: !!python/name:os.system x\n", r"the tag 'tag:yaml.org,2002:python/name:os\.system'.*line 2"),
        ("a: 1\n? [b, c]\n: 2\n", r"a key is a word.*line 2"),
        ("a: " + "[" * 21 + "]" * 21, r"nested more than 20 deep"),
        ("[" * 30_000, r"nested more than 20 deep|maximum nesting depth"),
        ("a: .nan\n", r"\.nan is no number"),
        ("a: -.INF\n", r"-\.INF is no number"),
        ("a: " + "9" * 41, r"a number of 41 characters"),
        ("a: 0x" + "f" * 5000, r"a number of 5002 characters"),
    ],
)
def test_what_no_file_of_the_project_needs_is_refused_with_its_line(text, match):
    with pytest.raises(RuleError, match=match):
        parse_yaml(text, "a.yml", RuleError)


def test_what_is_near_the_limits_is_read():
    deep = "[" * 19 + "]" * 19
    content = parse_yaml(f"a: {deep}\nb: {'9' * 40}\nc: {'9' * 64}ab\nd: '{'9' * 64}'\ne: nan\n", "a.yml")
    assert content["b"] == 10**40 - 1
    assert content["c"].endswith("ab")
    assert content["d"] == "9" * 64
    assert content["e"] == "nan"


def test_a_file_with_the_mark_of_utf_16_is_read(tmp_path):
    (tmp_path / "a.yml").write_bytes("titre: équité".encode("utf-16"))
    assert read_yaml(tmp_path / "a.yml") == {"titre": "équité"}
