"""What a person wrote is read strictly, each error with its place and its class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest

from cdppe_analysis.errors import NeedsError, RuleError, SourceError
from cdppe_analysis.storage.strict import Strict, _parsed, hint, read_yaml


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
        *((f"a: {n}\n", rf"YAML reads {n} in another base than ten: write '{n}', as") for n in ("010", "0x1F", "1:30")),
        ('a: 1\nb: "x\\e[2J"\n', r"a character that is not seen, '\\x1b': type it again \(at a.yml, line 2\)"),
        ("a: 1 000\u200b000 €\n", r"a character that is not seen, '\\u200b': type it again"),
        ("a: 0x" + "f" * 5000, r"a number of 5002 characters"),
    ],
)
def test_what_no_file_of_the_project_needs_is_refused_with_its_line(text, match):
    with pytest.raises(RuleError, match=match):
        _parsed(text, "a.yml", RuleError)


def test_what_is_near_the_limits_is_read():
    deep = "[" * 19 + "]" * 19
    content = _parsed(f"a: {deep}\nb: {'9' * 40}\nc: {'9' * 64}ab\nd: '{'9' * 64}'\ne: nan\n", "a.yml", RuleError)
    other = _parsed("=: 0\n<<: =\na: '010'\nb: 08\nc: 1\u202f000\u00a0€\n", "a.yml", RuleError)
    assert other == {"=": 0, "<<": "=", "a": "010", "b": "08", "c": "1\u202f000\u00a0€"}
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
    with pytest.raises(NeedsError, match="unknown key 'place'; the nearest is 'places'"):
        Strict(NeedsError).mapping({"place": 1}, ("places", "titre"), "sessad.yml")


@pytest.mark.parametrize(("typed", "meant"), [("0,285", "0.285"), ("1 000 €", "1000"), ("1\u202f000,5", "1000.5")])
def test_what_is_nearly_exact_is_refused_with_what_to_write(typed, meant):
    with pytest.raises(RuleError, match=f"is no exact number; write '{meant}'"):
        Strict(RuleError).exact(typed, "x")


@pytest.mark.parametrize(("size", "fits"), [(5_000_000, True), (5_000_001, False)])
def test_five_megabytes_are_read_and_no_more(tmp_path, size, fits):
    (tmp_path / "a.yml").write_bytes(b"a: 1 #".ljust(size, b"x"))
    if fits:
        assert read_yaml(tmp_path / "a.yml") == {"a": 1}
    else:
        with pytest.raises(SourceError, match="is larger than the 5 MB"):
            read_yaml(tmp_path / "a.yml")


@pytest.mark.parametrize(("digits", "fits"), [(400, True), (401, False)])
def test_an_exact_number_has_400_characters_at_most(digits, fits):
    if fits:
        assert Strict(RuleError).exact("9" * digits, "x") == 10**digits - 1
    else:
        with pytest.raises(RuleError, match="is no exact number"):
            Strict(RuleError).exact("9" * digits, "x")


@pytest.mark.parametrize(
    ("method", "sound", "wrong", "said"),
    [
        ("text", ["x", " x "], ["", "  ", 3, None, ["x"]], "expected a text, found"),
        ("year", [1900, 2100], ["2020", True, 2020.0, 1899, 20200, None], "expected a year, found"),
        ("listed", [[1], (2,), []], ["x", 3, {"a": 1}], "expected a list, found"),
        ("keyed", [{"a": 1}, {}], [[1], "a", 3, None], "expected keys and values, found"),
    ],
)
def test_each_kind_is_read_as_it_is_and_nothing_else(method, sound, wrong, said):
    read = getattr(Strict(RuleError), method)
    assert [read(value, "x") for value in sound] == sound
    for value in wrong:
        with pytest.raises(RuleError) as refused:
            read(value, "a.yml, x")
        told = "nothing" if value is None else repr(value)
        assert (refused.value.message, refused.value.cell) == (f"{said} {told}", "a.yml, x")


def test_nothing_is_an_empty_list_and_a_missing_key_is_one_without_a_value():
    read = Strict(RuleError)
    assert read.listed(None, "x") == ()
    assert read.needed({"a": 0}, "a", "x") == 0
    for content in ({}, {"a": None}):
        with pytest.raises(RuleError, match="the key 'a' is missing"):
            read.needed(content, "a", "x")


def test_the_nearest_name_is_the_one_most_like_it():
    known = ["plafond", "plancher", "garantie"]
    for name, near in {"planché": "plancher", "plafon": "plafond", "garanti": "garantie"}.items():
        assert hint(name, known) == f"; the nearest is {near!r}"
    assert hint("x", []) == ""


def test_twenty_levels_are_read_and_twenty_one_are_not():
    assert _parsed("a: " + "[" * 19 + "]" * 19, "a.yml", RuleError)
    with pytest.raises(RuleError, match="lists or mappings are nested more than 20 deep") as refused:
        _parsed("a:\n  " + "[" * 20 + "]" * 20, "a.yml", RuleError)
    assert refused.value.cell == "a.yml, line 2"


def test_lists_that_follow_one_another_are_not_nested():
    assert len(_parsed("\n".join(["- [1, [2]]"] * 30), "a.yml", RuleError)) == 30


def test_underscores_may_set_groups_of_digits_apart():
    assert Strict(RuleError).exact(" 15_000_000 ", "x") == 15_000_000


@dataclass(frozen=True)
class Printed:
    """What an entry of a file describes."""

    title: str
    line: int | None = None
    words: Sequence[str] = ()


def test_an_entry_of_a_file_is_the_class_that_it_describes():
    assert Strict(SourceError).built(Printed, {"title": 2017, "line": 4}, "f.yml") == Printed("2017", 4)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"line": 4}, "the key 'title' is missing (at f.yml)"),
        ({"title": "a", "lines": 4}, "unknown key 'lines'; the nearest is 'line' (at f.yml)"),
        ({"title": ["a"]}, "expected a text, found ['a'] (at f.yml, title)"),
        ({"title": True}, "expected a text, found True (at f.yml, title)"),
        ({"title": "a", "line": "4"}, "expected a whole number, found '4' (at f.yml, line)"),
        ({"title": "a", "words": "b"}, "expected a list, found 'b' (at f.yml, words)"),
    ],
)
def test_an_entry_that_is_not_what_it_describes_is_refused_with_its_key(entry, reason):
    with pytest.raises(SourceError) as refused:
        Strict(SourceError).built(Printed, entry, "f.yml")
    assert str(refused.value) == reason
