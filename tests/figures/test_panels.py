"""Several maps on one scale: the same colour means the same on each."""

import time

import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import before_after, small_multiples
from cdppe_analysis.figures.inspection import defects


@pytest.fixture(scope="module")
def years(france):
    return france.assign(taux_2022=france["ase_2022"] / france["jeunes_2019"] * 1000)


@pytest.fixture(scope="module")
def pair(years, words):
    return before_after(years, "taux", "taux_2022", names=("2017", "2022"), unit="‰", decimals=1, **words)


def maps_of(illustration):
    return [axes for axes in illustration.figure.axes if axes.get_gid() == "carte"]


def faces(axes):
    return {
        patch.get_gid().removeprefix("departement-"): patch.get_facecolor()
        for patch in axes.patches
        if (patch.get_gid() or "").startswith("departement-")
    }


def test_a_pair_stands_the_inspection(pair):
    assert defects(pair) == []
    assert len(maps_of(pair)) == 2


def test_equal_values_have_equal_colours_on_both_maps(years, words):
    first, second = maps_of(before_after(years, "taux", "taux", decimals=1, **words))
    assert faces(first) == faces(second)


def test_the_scale_is_that_of_both_columns_together(years, words):
    doubled = years.assign(double=years["taux"] * 3)
    pair = before_after(doubled, "taux", "double", method="equal_interval", decimals=1, **words)
    first, second = maps_of(pair)
    assert len(set(faces(first).values())) < len(set(faces(second).values()))


def test_the_legend_counts_both_maps(pair):
    texts = [text.get_text() for axes in pair.figure.axes for text in axes.texts]
    counts = [text.split("(")[1] for text in texts if "puis" in text]
    assert sum(int(count.split("\u00a0")[0]) for count in counts) == 101


def test_circles_have_one_scale_on_all_maps(years, words):
    pair = before_after(years, "ase_2017", "ase_2022", stock=True, unit="enfants", **words)
    radii = [
        {patch.get_gid(): patch.radius for patch in axes.patches if (patch.get_gid() or "").startswith("cercle-")}
        for axes in maps_of(pair)
    ]
    values = years.set_index("code_departement")
    ratio = (radii[1]["cercle-59"] / radii[0]["cercle-59"]) ** 2
    assert ratio == pytest.approx(values.at["59", "ase_2022"] / values.at["59", "ase_2017"])
    assert defects(pair) == []


def test_twelve_small_multiples_are_drawn_in_time_and_stand_the_inspection(years, words, tmp_path):
    """Under 8 s on a quiet machine; the processor's time is held."""
    frame = years.assign(**{f"s{n}": years["taux"] * (1 + n / 20) for n in range(12)})
    columns = {f"Scénario {n + 1}": f"s{n}" for n in range(12)}
    start = time.process_time()
    small = small_multiples(frame, columns, decimals=1, **words)
    small.save(tmp_path / "douze.png")
    assert time.process_time() - start < 8
    assert len(maps_of(small)) == 12
    assert defects(small) == []


def test_each_small_map_has_the_overseas_and_paris(years, words):
    small = small_multiples(years, ["taux", "taux_2022"], decimals=1, **words)
    for axes in maps_of(small):
        assert {"971", "972", "973", "974", "976", "75-loupe"} <= set(faces(axes))


def test_the_table_has_a_row_a_map_and_departement(years, words):
    small = small_multiples(years, {"2017": "taux", "2022": "taux_2022"}, decimals=1, **words)
    assert small.table["carte"].value_counts().to_dict() == {"2017": 101, "2022": 101}


def test_two_maps_of_one_name_are_refused(years, words):
    with pytest.raises(FigureError, match="both maps are named '2017'"):
        before_after(years, "taux", "taux_2022", names=("2017", "2017"), **words)


def test_no_column_and_negative_stocks_are_refused(years, words):
    with pytest.raises(FigureError, match="at least one column"):
        small_multiples(years, [], **words)
    with pytest.raises(FigureError, match="is negative"):
        small_multiples(years.assign(moins=-years["ase_2017"]), ["moins"], stock=True, **words)
