"""What a person wrote is read strictly, each error with its place and its class."""

from decimal import Decimal
from fractions import Fraction

import pytest

from cdppe_analysis.errors import NeedsError, RuleError, SourceError
from cdppe_analysis.storage.strict import Strict, _parsed, read_yaml


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
        _parsed(text, "a.yml", RuleError)


def test_what_is_near_the_limits_is_read():
    deep = "[" * 19 + "]" * 19
    content = _parsed(f"a: {deep}\nb: {'9' * 40}\nc: {'9' * 64}ab\nd: '{'9' * 64}'\ne: nan\n", "a.yml", RuleError)
    assert content["b"] == 10**40 - 1
    assert content["c"].endswith("ab")
    assert content["d"] == "9" * 64
    assert content["e"] == "nan"


def test_a_file_with_the_mark_of_utf_16_is_read(tmp_path):
    (tmp_path / "a.yml").write_bytes("titre: équité".encode("utf-16"))
    assert read_yaml(tmp_path / "a.yml") == {"titre": "équité"}


def test_an_exact_number_may_be_a_fraction_text_or_a_decimal():
    read = Strict(RuleError)
    assert [read.exact(value, "x") for value in ("1/3", "0.285", Decimal("0.5"), 15_000_000)] == [
        Fraction(1, 3),
        Fraction(57, 200),
        Fraction(1, 2),
        Fraction(15_000_000),
    ]


@pytest.mark.parametrize("value", [0.285, True, "1/0", "abc", None, "", Decimal("NaN"), "9" * 5000, "١"])
def test_what_is_no_exact_number_is_refused_at_its_place(value):
    with pytest.raises(NeedsError) as caught:
        Strict(NeedsError).exact(value, "sessad.yml, places")
    assert caught.value.cell == "sessad.yml, places"


def test_an_unknown_key_names_the_nearest_known():
    with pytest.raises(NeedsError, match="unknown key 'place'; the nearest known is 'places'"):
        Strict(NeedsError).mapping({"place": 1}, ("places", "titre"), "sessad.yml")


@pytest.mark.parametrize(("typed", "meant"), [("0,285", "0.285"), ("1 000 €", "1000"), ("1\u202f000,5", "1000.5")])
def test_what_is_nearly_exact_is_refused_with_what_to_write(typed, meant):
    with pytest.raises(RuleError, match=f"is no exact number; write '{meant}'"):
        Strict(RuleError).exact(typed, "x")
