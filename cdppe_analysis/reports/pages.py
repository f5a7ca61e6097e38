"""An executed notebook read as a report: its body in HTML, its contents, its figures, its sentence and its picture.

nbconvert renders the cells by the template `rapport`; the result is then given anchors, « L'essentiel » at its head,
wide tables that scroll on their own, links between reports, the no-break spaces of French, and formulas in MathML, so
that nothing has to be loaded. The code waits in `<template>`, which a page does not show before it is asked for. The
title is the first heading, the sentence the first one of the paragraph that starts with « Résultat », or of the first
paragraph, unless the metadata `cdppe` of the notebook say otherwise (`titre`, `phrase`). The picture is the top of the
first one of the outputs, or of the one whose number those metadata give (`vignette`). Known drawback: an output that
needs a script shows its text alone.
"""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import bs4
import nbformat
from bs4 import BeautifulSoup
from markupsafe import Markup

from cdppe_analysis.errors import CdppeError, ReportError, SourceError
from cdppe_analysis.printing.figure import Figure, linked_sources
from cdppe_analysis.printing.layout import TEMPLATES, script_digest, slug
from cdppe_analysis.sources import CellReference, load_sources
from cdppe_analysis.storage.files import read_json, write_text
from cdppe_analysis.typography import typeset

_THUMBNAIL = (720, 450)
_SENTENCE = re.compile(r"(.+?[.!?…])(?=\s+[«A-ZÀÂÇÉÈÊÎÔÛ]|$)", re.DOTALL)
_LABELS = ("Question", "Résultat", "Méthode", "Limites")
_LABEL = re.compile(rf"^({'|'.join(_LABELS)})s?\s?[.:]\s+(.+)$", re.DOTALL)
_OPENING = 6
_TALLEST = 0.8
_SAID = 80
_NOTEBOOK_LINK = re.compile(r"^(?:\./)?([\w.-]+)\.ipynb(#.*)?$")
_NUMBER = re.compile(r"^(?:[\d\s.,;:+−±%€×()/-]|k€|M€|n\.\sd\.|nan|NaN|None|<NA>)*$")
_AS_WRITTEN = ("code", "math", "script", "style", "svg", "template")
_OUTSIDE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)


@dataclass(frozen=True)
class _Heading:
    """A line of the contents of a report."""

    niveau: int
    ancre: str
    texte: str


@dataclass(frozen=True)
class Report:
    """What a page, the index and the navigation say of one notebook."""

    nom: str
    titre: str
    phrase: str
    vignette: str | None
    """The first picture, reduced, as a data address."""
    alternative: str
    sommaire: tuple[_Heading, ...]
    corps: str
    scripts: tuple[str, ...]
    """What the page's policy calls the scripts that its figures carry."""
    avec_code: bool
    sans_alternative: int
    """Number of pictures that carry no description of their own."""
    figures: tuple[Figure, ...]

    @property
    def fichier(self) -> str:
        """Name of the page in the site."""
        return f"{self.nom}.html"

    @property
    def corps_imprime(self) -> str:
        """The body with anchors of its own, for a page that holds several reports."""
        soup = BeautifulSoup(self.corps, "html.parser")
        headings = {str(heading["id"]): heading for heading in soup.select("h1[id], h2[id], h3[id], h4[id]")}
        for anchor, heading in headings.items():
            heading["id"] = f"{self.nom}-{anchor}"
        for link in soup.select("a[href^='#']"):
            if (anchor := str(link["href"])[1:]) in headings:
                link["href"] = f"#{self.nom}-{anchor}"
        return Markup(str(soup))

    @classmethod
    def read(cls, executed: Path, notebook: Path, sheets: frozenset[str] | None = frozenset()) -> Report:
        """Render an executed notebook.

        Parameters
        ----------
        executed
            The executed copy.
        notebook
            The notebook itself: its stem names the page, and the pictures of its text cells are in its folder.
        sheets
            The départements whose sheets are in the site: rows of its figures lead there, and the printed cells that it
            names to the pages of the sources. Without them (`None`) it stands alone.

        Raises
        ------
        ReportError
            When the notebook has no title or no such picture, or a page would load something from outside.
        """
        name, folder, content = notebook.stem, notebook.parent, nbformat.read(executed, as_version=4)
        missing, pictures = _describe_pictures(content)
        figures = _take_figures(content, name)
        body, _ = _exporter().from_notebook_node(content, {"metadata": {"path": str(folder)}})
        soup = BeautifulSoup(body, "html.parser")
        _refuse_outside(soup, name)
        _space(soup)
        phrase = _first_sentence(soup)
        _gather_essential(soup)
        headings = _anchor(soup)
        _frame_tables(soup)
        if sheets is not None:
            _link_cells(soup)
        _relink(soup, folder)
        if sheets is not None:
            _link_sources(soup)
        said = content.metadata.get("cdppe", {})
        title = said.get("titre") or next((heading.texte for heading in headings if heading.niveau == 1), None)
        if title is None:
            raise ReportError("the notebook has no title: its first text cell starts with '# '", cell=name)
        place = said.get("vignette", 1)
        if place > max(len(pictures), 1):
            raise ReportError(f"the index is to show picture {place}, and there are {len(pictures)}", cell=name)
        picture, alternative = pictures[place - 1] if pictures else ("", "")
        explored = BeautifulSoup("".join(figure.fragment for figure in figures), "html.parser")
        scripts = [script.get_text() for page in (soup, explored) for script in page.select("script")]
        return cls(
            nom=name,
            titre=typeset(title),
            phrase=typeset(said.get("phrase") or phrase),
            vignette=_thumbnail(picture) if picture else None,
            alternative=typeset(alternative),
            sommaire=tuple(heading for heading in headings if heading.niveau in (2, 3)),
            corps=Markup(_placed(str(soup), figures, typeset(title), sheets)),
            scripts=tuple(dict.fromkeys(map(script_digest, scripts))),
            avec_code=soup.select_one("template.code") is not None,
            sans_alternative=missing,
            figures=tuple(figures),
        )

    def keep(self, path: Path, made_of: Any) -> None:
        """Write the report to a file, with what it is made of besides the executed copy that the file stands beside."""
        write_text(path, json.dumps({"fait_de": made_of, "rapport": asdict(self)}, ensure_ascii=False))

    @classmethod
    def kept(cls, path: Path, made_of: Any) -> Report | None:
        """Return the report of a file; `None` where it is not there, is made of something else, or is no such file."""
        try:
            content = read_json(path)
            if content["fait_de"] != made_of:
                return None
            said = content["rapport"]
            for name, kind in (("sommaire", _Heading), ("figures", Figure)):
                said[name] = tuple(kind(**one) for one in said[name])
            return cls(**{**said, "corps": Markup(said["corps"]), "scripts": tuple(said["scripts"])})
        except (CdppeError, KeyError, TypeError):
            return None


def _take_figures(notebook: Any, name: str) -> list[Figure]:
    """Return the figures of an executed notebook, each output replaced by a mark that `_placed` fills."""
    from cdppe_analysis.figures.illustration import FIGURE_TYPE

    figures: list[Figure] = []
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        data = output.get("data", {})
        if FIGURE_TYPE in data:
            figures.append(Figure(name, len(figures) + 1, png=data.get("image/png", ""), **data[FIGURE_TYPE]))
            output["data"] = {"text/html": f'<div data-figure="{len(figures)}"></div>'}
    return figures


def _placed(body: str, figures: list[Figure], title: str, sheets: frozenset[str] | None) -> str:
    for figure in figures:
        base = None if sheets is None else ""
        block = figure.block(title, base=base, sheets=sheets or frozenset(), apart=True)
        body = body.replace(f'<div data-figure="{figure.numero}"></div>', block, 1)
    return body


@cache
def _exporter() -> Any:
    from jinja2 import pass_context
    from nbconvert.exporters.html import HTMLExporter
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
    from traitlets.config import Config

    class FormulaRenderer(IPythonRenderer):
        """The renderer of nbconvert, with formulas in MathML instead of a script from outside."""

        def block_math(self, body: str) -> str:
            return _formula(body, "block")

        def inline_math(self, body: str) -> str:
            return _formula(body, "inline")

    @pass_context
    def markdown2html(context: Any, source: str) -> str:
        renderer = FormulaRenderer(
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            embed_images=True,
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
            exclude_anchor_links=True,
        )
        return str(MarkdownWithMath(renderer=renderer).render(source))

    tags = {"remove_cell_tags": {"remove-cell"}, "remove_input_tags": {"remove-input"}}
    steps = {"TagRemovePreprocessor": {"enabled": True, **tags}, "CoalesceStreamsPreprocessor": {"enabled": True}}
    return HTMLExporter(
        config=Config(steps),
        template_name="rapport",
        extra_template_basedirs=[str(TEMPLATES)],
        filters={"markdown2html": markdown2html},
        language_code="fr",
    )


def _formula(body: str, display: str) -> str:
    try:
        from latex2mathml.converter import convert
    except ImportError as error:
        raise ReportError("a formula needs the package latex2mathml (pip install cdppe-analysis[notebooks])") from error
    return str(convert(body, display=display))


def _describe_pictures(notebook: nbformat.NotebookNode) -> tuple[int, list[tuple[str, str]]]:
    """Name the pictures that are not described by their sections; return how many, and each PNG with its words."""
    missing, section, pictures = 0, "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#{1,4} (.+)$", cell.source, flags=re.MULTILINE)
            section = headings[-1].strip() if headings else section
            continue
        for output in cell.get("outputs", []):
            kinds = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
            if not kinds or "text/html" in output.data:
                continue
            metadata = output.get("metadata", {})
            said = next((metadata[kind]["alt"] for kind in kinds if metadata.get(kind, {}).get("alt")), None)
            said = said or metadata.get("alt")
            missing += said is None
            output.metadata["alternative"] = said or f"Figure de la rubrique «\u00a0{section}\u00a0»"
            if "image/png" in output.data:
                pictures.append((output.data["image/png"], output.metadata["alternative"]))
    return missing, pictures


def _refuse_outside(soup: BeautifulSoup, name: str) -> None:
    for element in soup.select("img[src], script[src], link[href], iframe[src], source[src], video[src], audio[src]"):
        address = str(element.get("src") or element.get("href"))
        if _OUTSIDE.match(address):
            raise ReportError(f"the page would load {address[:80]} from outside", cell=name)


def _space(soup: BeautifulSoup) -> None:
    """Set the typography of what is said, in tables too; code and formulas stay as written."""
    for text in soup.find_all(string=True):
        if isinstance(text, bs4.Comment) or text.find_parent(_AS_WRITTEN) or text.find_parent(class_="highlight"):
            continue
        said = typeset(str(text))
        if said != text:
            text.replace_with(said)


def _anchor(soup: BeautifulSoup) -> list[_Heading]:
    headings: list[_Heading] = []
    taken: set[str] = {"contenu"}
    for element in soup.select("h1, h2, h3, h4"):
        text = element.get_text().strip()
        anchor = base = slug(text)
        count = 1
        while anchor in taken:
            count += 1
            anchor = f"{base}-{count}"
        taken.add(anchor)
        element["id"] = anchor
        headings.append(_Heading(int(element.name[1]), anchor, text))
    return headings


def _frame_tables(soup: BeautifulSoup) -> None:
    for element in soup.select("style[scoped]"):
        element.decompose()
    for number, table in enumerate(soup.select("table"), start=1):
        for attribute in ("border", "frame", "rules"):
            table.attrs.pop(attribute, None)
        for row in table.select("tbody th"):
            row["scope"] = "row"
        for column in table.select("thead th"):
            if column.get_text(strip=True):
                column["scope"] = "col"
            else:
                column.name = "td"
        _align(table)
        for caption in table.select(".gt_heading.gt_title, .gt_heading.gt_subtitle, .gt_sourcenote"):
            held = soup.new_tag("span", attrs={"class": "tenu"})
            for part in list(caption.contents):
                held.append(part.extract())
            caption.append(held)
        frame = soup.new_tag("div", attrs={"class": "defile", "tabindex": "0", "role": "region"})
        said = table.select_one(".gt_title")
        frame["aria-label"] = f"Tableau {number}" + (f"\u00a0: {said.get_text(strip=True)}" if said else "")
        table.wrap(frame)


def _link_cells(soup: BeautifulSoup) -> None:
    """Lead each printed cell that a table names to its row in the pages of the sources."""
    owners = {one.tableau: source.id for source in load_sources().values() for one in source.fichiers}
    for cell in soup.select("td"):
        try:
            named = CellReference.parse(cell.get_text(strip=True))
        except SourceError:
            continue
        if source := owners.get(named.table):
            link = soup.new_tag("a", href=f"sources/{source}.html#{source}-{named.table}-{named.row}")
            link.string = f"ligne {named.row}"
            cell.clear()
            cell.append(link)


def _link_sources(soup: BeautifulSoup) -> None:
    """Lead what the source line of a table names to the catalogue, as that of a figure."""
    for note in soup.select(".gt_sourcenote"):
        for text in note.find_all(string=re.compile(r"^Source")):
            text.replace_with(BeautifulSoup(linked_sources(str(text), ""), "html.parser"))


def _align(table: bs4.Tag) -> None:
    rows, body = ([row.select("td, th") for row in table.select(rows)] for rows in ("tr", "tbody tr"))
    for place in range(max(map(len, rows), default=0)):
        said = [row[place].get_text(strip=True) for row in body if len(row) > place]
        if all(_NUMBER.match(text) for text in said):
            continue
        added = ["mots", "phrases"] if max(map(len, said)) > _SAID else ["mots"]
        for row in rows:
            if len(row) > place:
                names = [str(name) for name in row[place].get_attribute_list("class") if name]
                row[place]["class"] = " ".join([*names, *added])


def _relink(soup: BeautifulSoup, folder: Path) -> None:
    for link in soup.select("a[href]"):
        address = str(link["href"])
        notebook = _NOTEBOOK_LINK.match(address)
        if notebook and (folder / f"{notebook[1]}.ipynb").is_file():
            link["href"] = f"{notebook[1]}.html"
        elif not re.match(r"^(#|sources/|https?:|mailto:)", address):
            link.unwrap()


def _gather_essential(soup: BeautifulSoup) -> None:
    """Put the labelled paragraphs of the opening under « L'essentiel »: the question and what was found come first."""
    labelled_paragraphs: dict[str, bs4.Tag] = {}
    for paragraph in soup.select("p")[:_OPENING]:
        if labelled := _LABEL.match(re.sub(r"[ \n]+", " ", paragraph.get_text()).strip()):
            labelled_paragraphs[labelled[1]] = paragraph
    if "Résultat" not in labelled_paragraphs:
        return
    section = soup.new_tag("section", attrs={"class": "essentiel", "aria-labelledby": "l-essentiel"})
    next(iter(labelled_paragraphs.values())).insert_before(section)
    title = soup.new_tag("h2")
    title.string = "L’essentiel"
    section.append(title)
    for label in _LABELS:
        if label in labelled_paragraphs:
            section.append(labelled_paragraphs[label].extract())


def _first_sentence(soup: BeautifulSoup) -> str:
    texts = [re.sub(r"[ \n]+", " ", paragraph.get_text()).strip() for paragraph in soup.select("p")[:_OPENING]]
    labelled = {match[1]: match[2] for text in texts if (match := _LABEL.match(text))}
    text = labelled.get("Résultat") or next(iter(labelled.values()), texts[0] if texts else "")
    match = _SENTENCE.match(text)
    return match[1] if match else text


def _thumbnail(content: str) -> str:
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        picture = image.convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    reduced = Image.alpha_composite(paper, picture).convert("RGB")
    if reduced.height > reduced.width * _TALLEST:
        reduced = reduced.crop((0, 0, reduced.width, round(reduced.width * _TALLEST)))
    reduced.thumbnail(_THUMBNAIL, Image.Resampling.LANCZOS)
    written = io.BytesIO()
    reduced.quantize(128).save(written, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(written.getvalue()).decode()}"
