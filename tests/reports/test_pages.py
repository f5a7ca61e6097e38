"""An executed notebook read as a report."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import v4
from PIL import Image

from cdppe_analysis.errors import ReportError
from cdppe_analysis.figures.illustration import FIGURE_TYPE
from cdppe_analysis.printing.layout import script_digest
from cdppe_analysis.reports.pages import Report


@pytest.fixture
def read(tmp_path: Path, write_notebook: Callable[..., Path]) -> Callable[..., Report]:
    def read_cells(
        *cells: str | tuple[str], outputs: list[dict[str, object]] | None = None, **metadata: object
    ) -> Report:
        path = write_notebook(tmp_path / "01-a.ipynb", *cells, **metadata)
        if outputs:
            notebook = nbformat.read(path, as_version=4)
            notebook.cells[-1]["outputs"] = [nbformat.from_dict(output) for output in outputs]
            nbformat.write(notebook, path)
        return Report.read(path, tmp_path / "01-a.ipynb")

    return read_cells


def shown(**data: str) -> dict[str, object]:
    return v4.new_output("display_data", data={kind.replace("_", "/"): text for kind, text in data.items()})


def picture() -> str:
    written = io.BytesIO()
    Image.new("RGB", (1600, 800), "navy").save(written, "PNG")
    return base64.b64encode(written.getvalue()).decode()


def test_the_title_and_the_sentence_are_those_of_the_first_text_cell(read: Callable[..., Report]):
    report = read("# Les 15 M€ de 2020\n\nIl manque un euro. Il est retrouvé.")
    assert (report.titre, report.phrase) == ("Les 15\u202fM€ de 2020", "Il manque un euro.")


def test_the_metadata_of_a_notebook_name_its_title_and_sentence(read: Callable[..., Report]):
    report = read("# Un\n\nDeux.", cdppe={"titre": "Trois", "phrase": "Quatre."})
    assert (report.titre, report.phrase) == ("Trois", "Quatre.")


def test_a_notebook_without_a_title_is_refused(read: Callable[..., Report]):
    with pytest.raises(ReportError, match=r"has no title: its first text cell starts with '# ' \(at 01-a\)"):
        read("Pas de titre.\n\n## Deux")


def test_the_contents_are_the_headings_of_level_two_and_three(read: Callable[..., Report]):
    report = read("# Un", "## Deux\n\n### Trois\n\n#### Quatre", "## Deux", "## Contenu")
    anchors = [(2, "deux"), (3, "trois"), (2, "deux-2"), (2, "contenu-2")]
    assert [(line.niveau, line.ancre) for line in report.sommaire] == anchors
    assert report.sommaire[0].texte == "Deux"


def test_the_code_waits_where_a_page_does_not_show_it(read: Callable[..., Report]):
    body = BeautifulSoup(read("# Un", ("montant = 1",)).corps, "html.parser")
    assert "montant" in str(body.find("template", class_="code").find("pre"))
    assert "montant" not in body.get_text()


def test_the_question_and_the_result_come_first_under_the_essential(read: Callable[..., Report]):
    body = BeautifulSoup(
        read("# Un\n\n**Question.** Combien ?\n\n**Méthode.** Compter.\n\n**Résultat.** Deux.", "## Suite").corps,
        "html.parser",
    )
    section = body.select_one("h1 + section.essentiel[aria-labelledby=l-essentiel]")
    assert [said.get_text().split(".")[0] for said in section.select("p")] == ["Question", "Résultat", "Méthode"]
    assert section.select_one("h2#l-essentiel").get_text() == "L’essentiel"
    assert 'class="essentiel"' not in read("# Un\n\n**Question.** Combien ?\n\nDeux.").corps


def test_the_picture_of_a_report_is_reduced_and_keeps_its_description(read: Callable[..., Report]):
    output = shown(image_png=picture())
    output["metadata"] = {"image/png": {"alt": "Carte des montants"}}
    report = read("# Un", ("carte()",), outputs=[output])
    assert report.alternative == "Carte des montants"
    assert report.sans_alternative == 0
    assert report.vignette is not None
    with Image.open(io.BytesIO(base64.b64decode(report.vignette.split(",")[1]))) as small:
        assert small.size == (720, 360)


def test_the_metadata_of_a_notebook_choose_the_picture_of_the_index(read: Callable[..., Report]):
    outputs = [shown(image_png=picture()) for _ in range(2)]
    for output, said in zip(outputs, ("Carte", "Barres"), strict=True):
        output["metadata"] = {"image/png": {"alt": said}}
    assert read("# Un", ("figures()",), outputs=outputs).alternative == "Carte"
    assert read("# Un", ("figures()",), outputs=outputs, cdppe={"vignette": 2}).alternative == "Barres"
    for count in (1, 2):
        with pytest.raises(ReportError, match=rf"picture {count + 1}, and there are {count} \(at 01-a\)"):
            read("# Un", ("figures()",), outputs=outputs[:count], cdppe={"vignette": count + 1})


def test_a_picture_without_a_description_is_counted_and_named_by_its_section(read: Callable[..., Report]):
    cells = "# Un", "## Deux\n\n### La carte", "Un texte.", ("carte()",)
    report = read(*cells, outputs=[shown(image_png=picture())])
    assert report.sans_alternative == 1
    assert report.alternative == "Figure de la rubrique «\u00a0La carte\u00a0»"
    assert BeautifulSoup(report.corps, "html.parser").img["alt"] == report.alternative


def test_a_formula_is_written_in_mathml(read: Callable[..., Report]):
    pytest.importorskip("latex2mathml")
    report = read("# Un\n\n$s_i = \\sum_k w_k p_{ik}$")
    assert "<math" in report.corps
    shown = [
        math["display"] for math in BeautifulSoup(read("# Un\n\n$a$ et\n\n$$b$$").corps, "html.parser").select("math")
    ]
    assert shown == ["inline", "block"]
    assert "$" not in BeautifulSoup(report.corps, "html.parser").get_text()


def test_a_picture_of_a_text_is_carried_by_the_page(read: Callable[..., Report], tmp_path: Path):
    (tmp_path / "carte.png").write_bytes(base64.b64decode(picture()))
    report = read("# Un\n\n![Carte](carte.png)")
    assert BeautifulSoup(report.corps, "html.parser").img["src"] == f"data:image/png;base64,{picture()}"
    path = tmp_path / "02-a.ipynb"
    cell = v4.new_markdown_cell("# Un\n\n![Carte](attachment:c.png)", attachments={"c.png": {"image/png": picture()}})
    nbformat.write(v4.new_notebook(cells=[cell]), path)
    body = BeautifulSoup(Report.read(path, tmp_path / "02-a.ipynb").corps, "html.parser")
    assert body.img["src"] == f"data:image/png;base64,{picture()}"


def test_a_picture_beside_its_page_is_passed_over_for_the_next(read: Callable[..., Report]):
    both = shown(image_png="x", text_html="<p>À explorer</p>")
    said = shown(image_png=picture())
    said["metadata"] = {"alt": "La suivante"}
    report = read("# Un", ("cartes()",), outputs=[both, shown(text_plain="1"), said])
    assert (report.alternative, report.sans_alternative) == ("La suivante", 0)


def test_a_cell_is_left_out_of_a_report_by_its_tag(read: Callable[..., Report], tmp_path: Path):
    cells = [v4.new_markdown_cell("# Un"), v4.new_code_cell("secret = 1"), v4.new_code_cell("vu = 1")]
    cells[1].metadata["tags"] = ["remove-cell"]
    cells[2].metadata["tags"] = ["remove-input"]
    nbformat.write(v4.new_notebook(cells=cells), tmp_path / "02-a.ipynb")
    report = Report.read(tmp_path / "02-a.ipynb", tmp_path / "02-a.ipynb")
    assert "secret" not in report.corps
    assert "vu" not in report.corps
    assert not report.avec_code
    assert read("# Un", ("vu = 1",)).avec_code


def test_a_report_that_is_kept_is_the_one_that_was_read(read: Callable[..., Report], tmp_path: Path):
    said = dict.fromkeys(("titre", "source", "alternative", "csv"), "a") | dict.fromkeys(
        ("svg", "svg_etroit"), "<svg/>"
    )
    drawn = v4.new_output("display_data", data={"image/png": picture(), FIGURE_TYPE: {**said, "fragment": ""}})
    report = read("# Un\n\nDeux.", "## Trois", ("carte()",), outputs=[drawn])
    report.keep(tmp_path / "r.json", ["a"])
    assert Report.kept(tmp_path / "r.json", ["a"]) == report
    assert Report.kept(tmp_path / "r.json", ["b"]) is None
    assert (report.nom, report.fichier, len(report.figures)) == ("01-a", "01-a.html", 1)


def test_a_table_says_which_of_its_heads_are_of_rows_and_of_columns(read: Callable[..., Report]):
    heads = "<thead><tr><th></th><th>Montant</th></tr></thead>"
    html = f'<table border="1" frame="x" rules="y">{heads}<tbody><tr><th>Ain</th><td>1</td></tr></tbody></table>'
    table = BeautifulSoup(read("# Un", ("t",), outputs=[shown(text_html=html + html)]).corps, "html.parser")
    assert [frame["aria-label"] for frame in table.select(".defile")] == ["Tableau 1", "Tableau 2"]
    assert not {"border", "frame", "rules"} & set(table.select_one("table").attrs)
    first = table.select_one("table")
    assert [(cell.name, cell.get("scope")) for cell in first.select("th, td")] == [
        ("td", None),
        ("th", "col"),
        ("th", "row"),
        ("td", None),
    ]
    assert [cell.get("class") for cell in first.select("tbody th, tbody td")] == [["mots"], None]


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("#deux", "#deux"),
        ("sources/a.html", "sources/a.html"),
        ("https://example.org/x", "https://example.org/x"),
        ("mailto:a@b", "mailto:a@b"),
        ("01-a.ipynb", "01-a.html"),
        ("./01-a.ipynb#deux", "01-a.html"),
        ("02-absent.ipynb", None),
        ("../docs/method.md", None),
    ],
)
def test_a_link_leads_to_a_page_that_is_there_or_nowhere(read: Callable[..., Report], link: str, kept: str | None):
    found = BeautifulSoup(read(f"# Un\n\n[voir]({link})").corps, "html.parser").select("p a")
    assert [str(one["href"]) for one in found] == ([] if kept is None else [kept])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Il manque 1 €. Et plus.", "Il manque 1\u202f€."),
        ("Combien\u202f? Vingt.", "Combien\u202f?"),
        ("Le n. 5 de la liste. Fin.", "Le n. 5 de la liste."),
        ("Rien ne finit", "Rien ne finit"),
        ("**Limites.** Aucune. Vraiment.", "Aucune."),
        ("**Question** : Combien ? Deux.\n\n**Résultats.** Trois. Quatre.", "Trois."),
        ("Un.\n\nDeux.\n\nTrois.\n\nQuatre.\n\nCinq.\n\n**Résultat.** Six.", "Six."),
        ("Un.\n\nDeux.\n\nTrois.\n\nQuatre.\n\nCinq.\n\nSix.\n\n**Résultat.** Sept.", "Un."),
    ],
)
def test_the_sentence_of_a_report_is_its_first_or_that_of_its_result(
    read: Callable[..., Report], text: str, sentence: str
):
    assert read(f"# Un\n\n{text}").phrase == sentence


@pytest.mark.parametrize("address", ["https://example.org/carte.png", "//example.org/carte.png"])
def test_a_picture_from_outside_is_refused(read: Callable[..., Report], address: str):
    with pytest.raises(ReportError, match=rf"the page would load {address} from outside \(at 01-a\)"):
        read(f"# Un\n\n![Carte]({address})")


def test_a_clear_picture_is_set_on_white_paper(read: Callable[..., Report]):
    written = io.BytesIO()
    Image.new("RGBA", (720, 450), (0, 0, 0, 0)).save(written, "PNG")
    report = read("# Un", ("c()",), outputs=[shown(image_png=base64.b64encode(written.getvalue()).decode())])
    with Image.open(io.BytesIO(base64.b64decode(report.vignette.split(",")[1]))) as small:
        assert small.convert("RGB").getpixel((9, 9)) == (255, 255, 255)


def test_a_column_of_words_is_aligned_as_words_and_a_column_of_numbers_is_not(read: Callable[..., Report]):
    rows = ("<tr><td>Ain</td><td>1\u202f296\u202f880\u202f€</td></tr>", "<tr><td>Aisne</td><td>n.\u202fd.</td></tr>")
    html = f"<table><tbody>{''.join(rows)}</tbody></table>"
    cells = BeautifulSoup(read("# Un", ("t",), outputs=[shown(text_html=html)]).corps, "html.parser").select("td")
    assert [cell.get("class") for cell in cells] == [["mots"], None, ["mots"], None]


@pytest.mark.parametrize("number", ["1,5 k€", "−3 %", "+2 M€", "n.\u202fd.", "<NA>", "(1 à"])
def test_a_number_with_its_sign_and_its_unit_is_no_word(read: Callable[..., Report], number: str):
    html = f"<table><tbody><tr><td>{number.replace('<', '&lt;')}</td></tr></tbody></table>"
    cell = BeautifulSoup(read("# Un", ("t",), outputs=[shown(text_html=html)]).corps, "html.parser").td
    assert cell.get("class") == (["mots"] if "à" in number else None)


def test_a_column_of_sentences_is_told_from_a_column_of_names(read: Callable[..., Report]):
    rows = "<tr><td>Lot</td><td>Une.</td></tr><tr><td>1</td></tr>"
    html = f"<table><tbody><tr><td>{'A' * 80}</td><td>{'A' * 81}</td></tr>{rows}</tbody></table>"
    cells = BeautifulSoup(read("# Un", ("t",), outputs=[shown(text_html=html)]).corps, "html.parser").select("td")
    assert [cell.get("class") for cell in cells] == [["mots"], ["mots", "phrases"]] * 2 + [["mots"]]


def test_a_wide_table_scrolls_on_its_own_and_has_a_name(read: Callable[..., Report]):
    html = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    report = read("# Un", ("t",), outputs=[shown(text_html=html)])
    frame = BeautifulSoup(report.corps, "html.parser").select_one("div.defile[role=region][tabindex='0']")
    assert frame is not None
    assert frame["aria-label"] == "Tableau 1"


def test_a_table_with_a_title_is_named_by_it_and_holds_it_in_view(read: Callable[..., Report]):
    html = "<table><thead><tr><td class='gt_heading gt_title'>Le Nord</td></tr></thead><tbody></tbody></table>"
    frame = BeautifulSoup(read("# Un", ("t",), outputs=[shown(text_html=html)]).corps, "html.parser").select_one(
        ".defile"
    )
    assert frame["aria-label"] == "Tableau 1\u00a0: Le Nord"
    assert frame.select_one("td > .tenu").get_text() == "Le Nord"


def test_a_printed_cell_that_a_table_names_leads_to_its_row(read: Callable[..., Report]):
    html = "<table><tbody><tr><td>b-enveloppes L15 dotation_departement</td></tr></tbody></table>"
    link = BeautifulSoup(read("# Un", ("t",), outputs=[shown(text_html=html)]).corps, "html.parser").select_one("td a")
    assert link["href"] == "sources/annexe7-ondam-2020.html#annexe7-ondam-2020-b-enveloppes-15"
    assert link.get_text() == "ligne 15"


def test_what_is_said_has_french_spaces_in_tables_too_and_what_is_code_stays_as_written(read: Callable[..., Report]):
    html = "<table><tbody><tr><td>Val-d'Oise : 2</td></tr></tbody></table>"
    report = read("# Un", "L'**euro** : `l'euro : 1`", ("x = 'l : 1'",), outputs=[shown(text_html=html)])
    body = BeautifulSoup(report.corps, "html.parser")
    assert body.select_one("p").get_text() == "L’euro\u00a0: l'euro : 1"
    assert body.select_one("td").get_text() == "Val-d’Oise\u00a0: 2"
    assert "'l : 1'" in str(body.find("template", class_="code").find("pre"))


def test_what_a_cell_prints_in_several_times_is_one_output(read: Callable[..., Report]):
    two = [v4.new_output("stream", name="stdout", text=text) for text in ("un\n", "deux\n")]
    report = read("# Un", ("t",), outputs=two)
    assert [found.get_text() for found in BeautifulSoup(report.corps, "html.parser").select("pre.dite")] == [
        "un\ndeux\n"
    ]


def test_what_is_printed_is_escaped(read: Callable[..., Report]):
    report = read("# Un", ("t",), outputs=[v4.new_output("stream", name="stdout", text="<b>Nord</b>")])
    assert "&lt;b&gt;Nord" in report.corps


def test_the_standard_error_is_left_out(read: Callable[..., Report]):
    report = read("# Un", ("t",), outputs=[v4.new_output("stream", name="stderr", text="attention")])
    assert "attention" not in report.corps


def test_the_anchors_of_the_printed_body_carry_the_name_of_the_report(read: Callable[..., Report]):
    report = read("# Un\n\n[voir](#deux), [puis](#trois), [ailleurs](#figure-1)", "## Deux\n\n### Trois")
    printed = BeautifulSoup(report.corps_imprime, "html.parser")
    assert [heading["id"] for heading in printed.select("h1, h2, h3")] == ["01-a-un", "01-a-deux", "01-a-trois"]
    assert [link["href"] for link in printed.select("a")] == ["#01-a-deux", "#01-a-trois", "#figure-1"]


def test_the_printed_body_keeps_the_style_of_its_tables(read: Callable[..., Report]):
    html = "<div id='t1'><style>#t1 .gt_right { text-align: right; }</style><table><tbody></tbody></table></div>"
    report = read("# Un", ("t",), outputs=[shown(text_html=html)])
    assert BeautifulSoup(report.corps_imprime, "html.parser").select_one("div#t1 > style").get_text().startswith("#t1 ")


def test_a_report_is_the_same_when_read_twice(read: Callable[..., Report]):
    first, second = (read("# Un", ("t",), outputs=[shown(image_png=picture())]) for _ in range(2))
    assert json.dumps(first.corps) == json.dumps(second.corps)
    assert first.vignette == second.vignette


def test_the_sentence_is_that_of_the_result_where_the_notebook_labels_one(read: Callable[..., Report]):
    report = read("# Un\n\n**Question.** Combien ?\n\n**Résultat.** Vingt-deux. Et plus.\n\n**Limites.** Aucune.")
    assert report.phrase == "Vingt-deux."


def test_a_tall_picture_is_reduced_to_its_top(read: Callable[..., Report]):
    written = io.BytesIO()
    tall = Image.new("RGB", (1000, 3000), "navy")
    tall.paste("white", (0, 0, 1000, 10))
    tall.paste("red", (0, 790, 1000, 3000))
    tall.save(written, "PNG")
    output = shown(image_png=base64.b64encode(written.getvalue()).decode())
    report = read("# Un", ("barres()",), outputs=[output])
    assert report.vignette is not None
    with Image.open(io.BytesIO(base64.b64decode(report.vignette.split(",")[1]))) as small:
        assert small.width / small.height == pytest.approx(1.25, abs=0.01)
        rows = [small.convert("RGB").getpixel((small.width // 2, row)) for row in (0, 8, small.height - 1)]
        assert rows[0][1] > 200  # the white line of its top
        assert rows[1][2] > rows[1][0]  # navy under it
        assert rows[2][0] > 200  # the first of the red, no more
        middle = [small.convert("RGB").getpixel((9, row))[0] > 200 for row in range(5, small.height)]
        assert sum(middle) <= 10


def test_a_script_of_a_figure_is_named_in_the_policy_of_the_page(read: Callable[..., Report]):
    script = "let a = 'd : 1';"
    report = read("# Un", ("carte()",), outputs=[shown(text_html=f"<div></div><script>{script}</script>")])
    assert report.scripts == (script_digest(script),)
    assert script in report.corps


def test_a_map_to_explore_is_a_figure_whose_script_is_named_in_the_policy(read: Callable[..., Report]):
    said = dict.fromkeys(("titre", "source", "alternative", "csv"), "a")
    said |= dict.fromkeys(("svg", "svg_etroit"), "<svg></svg>")
    figure = {**said, "fragment": "<div></div><script>let a = 1;</script>"}
    plain = {**said, "titre": "b", "fragment": ""}
    outputs = [
        v4.new_output("display_data", data={"image/png": picture(), FIGURE_TYPE: one}) for one in (figure, plain)
    ]
    report = read("# Un", ("cartes()",), outputs=outputs)
    assert report.figures[0].fragment == figure["fragment"]
    assert report.scripts == (script_digest("let a = 1;"),)
    assert figure["fragment"] in report.corps
    captions = [one.get_text() for one in BeautifulSoup(report.corps, "html.parser").select("figcaption")]
    assert captions == ["Figure\u00a01. a", "Figure\u00a02. b"]
    assert [one.png for one in report.figures] == [picture()] * 2


def test_the_source_line_of_a_table_leads_to_the_catalogue_and_its_notes_do_not(tmp_path):
    lines = "".join(
        f'<tr><td class="gt_sourcenote"><span>{said}</span></td></tr>'
        for said in ("Note : la Source est l'annexe 7 de 2020", "Source : décret n° 2017-1596 ; annexe 7")
    )
    shown = nbformat.v4.new_output("display_data", {"text/html": f"<table>{lines}</table>"})
    cells = [nbformat.v4.new_markdown_cell("# Un titre"), nbformat.v4.new_code_cell("1", outputs=[shown])]
    path = tmp_path / "01-essai.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    linked = [
        [
            link["href"]
            for link in BeautifulSoup(
                Report.read(path, tmp_path / "01-essai.ipynb", frozenset() if wanted else None).corps, "html.parser"
            ).select("td a")
        ]
        for wanted in (True, False)
    ]
    catalogue = ["sources.html#decret-2017-1596", "sources.html#annexe7-ondam-2020"]
    assert linked == [[*catalogue, "sources/annexe7-ondam-2020.html"], []]
