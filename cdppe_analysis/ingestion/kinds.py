"""What a column is: what the words of its heading say, then what its cells print.

A column of codes repeats the codes of the names; a rank counts the rows. The others are amounts, shares, numbers or
years; a unit is that of the cells, of the nearest heading, then, for amounts, of the nearest title that names one.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, get_args

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.grids import COUNTS, DATE
from cdppe_analysis.ingestion.names import FORMER_REGIONS, code_alone, is_code_of, label, region_of
from cdppe_analysis.tables.numerals import (
    SCALES,
    counts,
    is_void,
    numeral,
    ordinary_spaces,
    readings,
    repeats,
    units_in,
)
from cdppe_analysis.territories import REGIONS, normalised

Level = Literal["departement", "region", "autre"]
Figures = Literal["montant", "pourcentage", "nombre", "ratio", "annee", "total_region", "chose"]
_OF_FIGURES = get_args(Figures)
Kind = Literal["nom", "region", "code", "code_region", "rang", "texte"] | Figures
_WORDS = re.compile(
    r"\b(?:(?P<montant>montants?|dotations?|credits?|enveloppes?|contributions?|subventions?|financements?|budgets?|"
    r"depenses?|recettes?|aides?|versements?|reprises?|allocations?|objectifs?|couts?|compensations?|fonds|euros?|eur|"
    r"acomptes?|forfaits?|frais|majorations?|encours|decisions? modificatives?|(?:capacites? d )?autofinancement|"
    r"delegations?|notifications?|participations?|drl|mesures nouvelles|ae|cp(?! etp)|"
    r"autorisations? d engagement)|"
    r"(?P<classe>vagues?|phases?|lots?|groupes?|strates?|categories?|zones?|tranches?|classes?|niveaux?|types?|rangs?|"
    r"classements?)(?! (?:[0-9]+|[a-z])\b)|"
    r"(?P<nombre>nombres?|n(?:om)?bre|nb|pop\w*|habitants?|places?|effectifs?|benef\w*|etpt?|dossiers?|lits?|menages?|"
    r"naissances?|surface|superficie|capacites?|sieges?|conventions?|km2?|demandes?|decisions?|durees?|ages?|delais?|"
    r"anciennete|quartiles?|deciles?|altitudes?|distances?|kilometres?|heures?|jours|temperatures?|priorites?|deces|"
    r"berceaux)|"
    r"(?P<chose>enfants?|jeunes|projets?|mesures?|foyers?|eleves?|mineurs?|etablissements?|services?|communes|agents?|"
    r"postes?|logements?|personnes?|familles?|usagers?|sejours?|actes?|journees?|equipes?|structures?|assistants?|"
    r"assistantes?|accueils?|actions?|contrats?|avenants?|internats?|vehicules?|"
    r"signalements?|informations?|majeurs?|filles|garcons|sorties|entrees|refus|recours|reponses?|ans|cantons?)|"
    r"(?P<annee>annees?|millesimes?|exercices?)|"
    r"(?P<code>code\w*|cod\w{2,4}|insee|siren|siret|finess|dep|dept|dpt|reg|uai))\b"
)
"""What the words of a heading say of its column: the first one known decides.

A « chose » is counted, or paid for: it decides only where no other word does.
"""

IN_LETTERS = (
    r"(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|"
    r"quarante|cinquante|soixante|cents?|mille|milliers?|millions?|et|d|euros?)"
)
A_SUM = re.compile(r"\b(?:tota(?:l|ux|les?)|somme|cumul)\b")
SUM = re.compile(rf"{A_SUM.pattern}|\bensemble\b")
"""What the heading of a column of totals says; a row of that name may be one of means."""

MONEY_OR_COUNTS = ("montant", "nombre", "chose")
_MEASURE = re.compile(r"\b(?P<words>centaines|milliers|millions|milliards)\b|\bx ?1 ?000\b|(?<=\w) k$")
_ODD_MEASURE = re.compile(
    r"(?:(?:[(\[]|\ben )(?!en |de |des |d['’]|ht |ttc |nets? |bruts? )[^\W\d_]{1,4}\.?"
    r"|(?<!\w)(?:mil|th|[km]|mds?|mrds?)\.|\bunit[ée]s? ?: ?1[ .]?000) ?(?:d ?['’] ?)?(?:€|euros?\b)",
    re.IGNORECASE,
)
BEFORE_EUROS = r"\b(?:en|de|d ?['’]|centaines|dizaines|milliers|millions|milliards)"
"""How a heading ends that is cut before the end of its unit."""

_CUT = re.compile(rf"{BEFORE_EUROS}\s*$", re.IGNORECASE)
_RATIO = re.compile(
    r"\bpar (?:hab|place|enfant|jeune|tete)|\bpour (?:mille|cent|100|10{0,2} ?000)\b|"
    r"^(?!pop|nb |nombre |effectif).+ hab$|\bmoyen(?:nes?)?\b|"
    r"ratio|densite|(?<!nb d )(?<!nombre d )indice|coefficient|igb|\btaux|"
    r"\bparts?(?:$| (?:de|du|des|d|l|la|dans|en|relative|nationale)\b)|fraction|quote|evolution|pourcent|\bpct\b|"
    r"proportion|score|\ben (?:points?|pts|jours|heures|mois|ans|annees|m2|m3|km2?|ha|hectares|tonnes)\b"
)
_A_PRICE = re.compile(
    r"\b(?:par|a la|a l|d une?|au) (?:hab|place|enfant|jeune|tete|jour|lit|etp|eleve|mesure|benef|usager|personne)|"
    r"^(?:cout|prix) (?:place|jour)|\bjournaliere?s?\b|\bpoints?\b|\bmoyen(?:nes?)?\b|\bmedian|\bunitaires?\b|"
    r"\bprix\b|\btarifs?\b"
)
_OF_ONE = re.compile(r"(?:durees?|ages?|delais?|anciennete|altitudes?|temperatures?|quartiles?|deciles?)\b")
"""How a heading begins of what each has, and all together have not."""

_NAMES_A_ROW = re.compile(
    r"(?:comptes?|programmes?|chapitres?|articles?|id|identifiants?|numeros?|ref|references?|versions?|"
    r"notes?(?: [0-9]+)?|trimestres?|mois|semaines?|pages?)$|n d[eu] "
)
"""The heading of numbers that tell a row from others, and are paid to none."""

_COUNTED = re.compile(r"(?:nombres?|n(?:om)?bre|nb|effectifs?|pop\w*|montants?|rangs?)\b")
_RANK = re.compile(
    r"(?:rang|rg|n|no|num|numero|n d ordre|numero d ordre|ordre|ligne|classement)?(?: (?:en )?(?:19|20)[0-9]{2})?"
)
MARK_ALONE = re.compile(
    r"(?:[(\[](?:[0-9]{1,2}|[a-z]|\*+)[)\]]|[*†‡§⁰¹²³⁴-⁹]+)(?:[ ,;]*[(\[](?:[0-9]{1,2}|[a-z])[)\]])*"
)
"""A cell that is the mark of a footnote, or a small number withdrawn."""

_OF_MARKS = re.compile(r"(?:notes?|renvois?|appels?|ref|observations?|remarques?|commentaires?|precisions?|obs)\b")
_IN_LETTERS = re.compile(rf"(?:{IN_LETTERS}\b ?)+")
_LIKE_FIGURES = re.compile("[IVX]{1,5}|[Ol]")
_ODD_FIGURES = re.compile(r"\D{0,9}[0-9][0-9\s.,'’]*\D{0,9}")
_ODD_AMOUNTS = re.compile(r"\D{0,9}[0-9][0-9\s.,'’]*(?:[kM]? ?€|%|euros?)\D{0,9}")
_SEVERAL = re.compile(r"[0-9]{1,3}(?: [0-9]{3})* [0-9]{1,3}(?: [0-9]{3})+")
IDENTIFIER = re.compile(r"\b(?:ident\w*|id|n|no|num|numero|reference)\b")
A_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
OF_ENTITIES = re.compile(r"\b(?:ej|juridiques?|entites?|gestionnaires?|organismes?|siren|sieges?)\b")
OF_UNITS = re.compile(r"\b(?:cod\w*|insee|siren|siret|finess|uai|communes?|etablissements?|entites?)\b|^e[jt]$")
_OF_DEPARTEMENTS = re.compile(r"(?:(?:noms?|codes?) )?(?:du |des |de |d )?(?:dep|dept|dpt|departement)s?\b")
_REGION_CODE = re.compile(r"(?:cod\w* |insee |n |num |numero )?(?:de la |de )?(?:reg|region|codereg)(?: insee)?")
OF_CODES = re.compile(
    r"(?=.*\b(?:cod|dep|dpt|insee|cog))(?:(?:cod\w*|dep(?:ts?|artements?)?|dpts?|insee|cog|n|no|num\w*|d|du|des?|l[ea]|"
    r"officiels?|geographiques?|territoires?)(?: |$))+"
)
NO_CODE = re.compile(r"\b(?:posta\w*|cp|tel|telephon\w*|telecop\w*)\b")
OF_OTHERS = re.compile(rf"{NO_CODE.pattern}|\b(?:sire[nt]|finess|uai)\b")
UNITS_OF_COUNTS = (
    ("pop", "habitants"),
    ("hab", "habitants"),
    ("place", "places"),
    ("enfant", "enfants"),
    ("etp", "ETP"),
)


@dataclass(frozen=True)
class Column:
    """A printed column: its rank in the grid, its heading, what it is, the unit of a cell that prints none.

    `additive` says that a total may be the sum of its cells.
    """

    rank: int
    heading: str
    kind: Kind
    unit: str = ""
    additive: bool = False

    @property
    def of_figures(self) -> bool:
        """Its cells are numbers to keep."""
        return self.kind in _OF_FIGURES


def column_of(
    body: Sequence[Sequence[str]], rank: int, heading: str, level: Level, name: int, region: int | None
) -> Column | None:
    """Say what a column is by its heading and the cells under it; None for a void one without a heading."""
    cells = [row[rank] for row in body]
    written = [cell for cell in cells if not is_void(cell)]
    flat = " ".join(heading.split())
    if rank == name:
        return Column(rank, flat, "nom")
    if rank == region:
        return Column(rank, flat, "region")
    words = normalised(flat)
    of_others = not units_in(flat) and bool((OF_OTHERS if level == "departement" else NO_CODE).search(words))
    if of_others and "cp" in words.split():
        # « CP » is the postal code of a département, or its « crédits de paiement ».
        pairs = ((row[rank].strip(), label(row[name]).departement) for row in body if not is_void(row[rank]))
        of_others = all(re.fullmatch("[0-9]{5}", cell) and cell[0] == (code or cell)[0] for cell, code in pairs)
        of_others = of_others and level != "region"
    plain = not any(re.search(r"[ ,.€\u00a0\u202f]", cell.strip()) for cell in written)
    if not written or (of_others and plain) or _are_marks(written, words, body):
        return Column(rank, flat, "texte") if any(cells) or flat else None
    code = _code(body, rank, flat, level, name)
    if code is not None:
        return Column(rank, flat, code)
    written = [cell for cell in written if not repeats(cell)]
    figures = [figure for cell in written if (figure := numeral(cell)) is not None]
    # What is printed for amounts and is read as none is refused when its row is read.
    odd = _ODD_FIGURES if units_in(flat) else _ODD_AMOUNTS
    printed_so = 2 * sum(bool(odd.fullmatch(cell) or _SEVERAL.fullmatch(cell)) for cell in written) > len(written)
    zeros = figures and all(re.fullmatch(r"0[0-9]+", figure.digits) for figure in figures)
    paid = any(cell[0].isdigit() and not DATE.fullmatch(cell) for cell in written) and (
        speaks_of_money(flat) or A_YEAR.fullmatch(flat)
    )
    if zeros or (2 * len(figures) < len(written) and not (printed_so or paid)):
        return Column(rank, flat, "texte")
    whole = [
        int(figure.digits)
        for figure in figures
        if figure.digits.isdigit() and len(figure.digits) < 16 and not figure.unit
    ]
    counts = 0 < len(whole) == len(figures) and all(b == a + 1 for a, b in itertools.pairwise(whole))
    unnamed = not words and counts and whole[0] in (0, 1) and rank < name
    # « N » and « N-1 » are years too: a rank is not much larger than the number of rows.
    low = max(whole, default=0) <= 2 * len(body) + 10
    ranked = words and low and _RANK.fullmatch(words) and (not words.startswith("n") or whole == sorted(whole))
    if 0 < len(whole) == len(figures) and (unnamed or ranked):
        return Column(rank, flat, "rang")
    units = Counter(figure.unit for figure in figures)
    printed = {unit for unit in units if unit and (unit != "%" or 2 * units["%"] >= len(figures))}
    return _figures(rank, heading, printed, whole, len(figures))


def _are_marks(written: Sequence[str], words: str, body: Sequence[Sequence[str]]) -> bool:
    """Tell whether the cells of a column are the marks of footnotes: its heading says so, or each note is below."""
    if not all(MARK_ALONE.fullmatch(cell) for cell in written):
        return False
    notes = tuple({*written})
    below = {mark for row in body for cell in row for mark in notes if cell.startswith(mark) and cell != mark}
    return bool(_OF_MARKS.match(words)) or "*" in "".join(notes) or (not words and below == {*notes})


def _code(body: Sequence[Sequence[str]], rank: int, heading: str, level: Level, name: int) -> Kind | None:
    """Tell whether a column repeats the codes of the names, or is headed as one of codes."""
    words = normalised(heading)
    coded = said(heading) == "code"
    if units_in(heading) or said(heading) in (*MONEY_OR_COUNTS, "classe"):
        return None
    of_regions = _REGION_CODE.fullmatch(words)
    found = [(row[rank].strip(), label(row[name])) for row in body if row[name] and not is_void(row[rank])]
    if level == "departement":
        pairs = [(cell, each.departement) for cell, each in found if each.departement]
        same = [cell for cell, code in pairs if code_alone(cell) and is_code_of(cell, code)]
        alone = len(pairs) == 1 < len(body) and re.fullmatch("[1-9][0-9]*", pairs[0][0])
        if not coded and (alone or any(re.search("[0-9] ?[,.%€]", cell) for cell, _ in pairs)):
            return None
        # Codes none of which is that of its row are refused when it is read.
        slid = (
            coded
            and OF_CODES.fullmatch(words)
            and len({code_alone(cell) for cell, _ in pairs} - {""}) == len(pairs) > 2
        )
        if pairs and (slid or 10 * len(same) >= (5 if coded and not of_regions else 6) * len(pairs)):
            counting = all(cell == str(number) for number, (cell, _) in enumerate(pairs, start=1))
            return "rang" if counting and _RANK.fullmatch(words) else "code"
        right = [cell for cell, code in pairs if cell.zfill(2) in (region_of(code), *FORMER_REGIONS)]
        known = {cell.zfill(2) for cell, _ in found} <= {*REGIONS, *FORMER_REGIONS}
        if of_regions and known and (words.startswith("cod") or 2 * len(right) >= len(pairs)):
            return "code_region"
    # The DREES has numbers of its own for the régions of the overseas: 101 to 104.
    others = {cell.zfill(2) for cell, _ in found} - {*REGIONS, *FORMER_REGIONS}
    numbered = level != "autre" and of_regions is not None and words.startswith("cod")
    if numbered and others and all(re.fullmatch("[0-9]{1,3}", cell) for cell, _ in found):
        return "texte"
    if level != "autre":
        own = [(cell, each.region if level == "region" else region_of(each.departement)) for cell, each in found]
        own = [(cell, code) for cell, code in own if code]
        if len({code for _, code in own}) > 1 and all(cell.zfill(2) == code for cell, code in own):
            return "code_region"
        if level == "departement":
            return None
        if coded and {cell.zfill(2) for cell, _ in found} <= {*REGIONS, *FORMER_REGIONS}:
            return "code_region"
    cells = [row[rank].strip() for row in body if not is_void(row[rank]) and row[name]]
    cells = [re.sub(r"\s", "", cell) for cell in cells] if coded else cells
    shaped = sum(re.fullmatch(r"[0-9A-Za-z]{1,14}", cell) is not None for cell in cells)
    if level == "autre" and of_departements(heading) and all(map(code_alone, cells)):
        return "code"
    if coded and 10 * shaped >= 9 * len(cells):
        return "code_region" if of_regions and level != "autre" else "code"
    same_size = len({len(cell) for cell in cells}) == 1 and len(cells[0]) in (5, 9, 14)
    in_heading = not words or OF_UNITS.search(words) or IDENTIFIER.search(words)
    fixed = (
        bool(in_heading) and shaped == len(cells) > 1 and same_size and len(set(cells)) == len(cells) and rank < name
    )
    return "code" if fixed else None


def _lines(heading: str) -> list[str]:
    """Return the lines of a heading, those of one parenthesis or unit put together: « (en millions » « d'euros) »."""
    lines: list[str] = []
    for line in heading.split("\n"):
        if lines and (lines[-1].count("(") > lines[-1].count(")") or _CUT.search(lines[-1])):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return lines


def refuse_an_odd_measure(text: str) -> None:
    """Refuse a heading, or a title, that has before its euros a word that may be a measure: « (mil. €) ».

    Raises
    ------
    TableError
        With the word.
    """
    odd = next(
        (each for each in _ODD_MEASURE.finditer(ordinary_spaces(text)) if units_in(each[0]) in ([], ["€"])), None
    )
    if odd is not None:
        raise TableError(f"{odd[0].strip('([ ')!r}, in {text!r}, is no unit of money that is known")


def _figures(rank: int, heading: str, printed: set[str], whole: list[int], count: int) -> Column:
    lines, flat = _lines(heading), " ".join(heading.split())
    refuse_an_odd_measure(flat)
    own = lines[-1]
    says = said(own) not in ("", "montant", "code") or _RATIO.search(normalised(own))
    # « Filles » or « Places » under « Taux (%) » say of what it is, and count none; « Filles » under « Aide (k€) » too.
    above = [line for line in lines[:-1] if said(line) != "nombre" and not _COUNTED.search(normalised(line))]
    given = [unit for line in above for unit in units_in(line)]
    of_above = given and (said(own) == "chose" or ("%" in given and not _COUNTED.match(normalised(own))))
    counted = says and not units_in(own) and not of_above
    words = normalised((own if counted else flat).replace("/", " par "))
    unit = ""
    for line in [] if counted else [*reversed(lines), flat]:
        named = units_in(line)
        money = [each for each in named if each in SCALES]
        if len(money) > 1:
            raise TableError(f"the heading {flat!r} gives several units: {' and '.join(money)}")
        if money and named[0] == "%":
            raise TableError(f"the heading {flat!r} gives several units: {' and '.join(named)}")
        if named:
            unit = (money or named)[0]
            break
    if "%" in printed or unit == "%":
        return Column(rank, flat, "pourcentage", "%", additive=True)
    if printed & set(SCALES) or unit in SCALES:
        return Column(rank, flat, "montant", unit, additive=not _A_PRICE.search(words) or bool(SUM.search(words)))
    if unit == "‰" or "‰" in printed:
        return Column(rank, flat, "ratio", "‰")
    if len(printed) == 1:
        return Column(rank, flat, "nombre", additive=True)
    if unit or _RATIO.search(words):
        return Column(rank, flat, "ratio", unit)
    is_year = len(whole) == count and all(1900 <= each <= 2100 for each in whole)
    kind = said(flat) if said(words) == "chose" == said(own) and said(flat) == "nombre" else said(words)
    if is_year and (kind == "annee" or (not words and len(whole) > 1)):
        return Column(rank, flat, "annee")
    if kind == "classe":
        return Column(rank, flat, "nombre")
    if kind == "montant":
        if _MEASURE.search(words):
            raise TableError(f"the heading {flat!r} gives a measure and no unit of money")
        return Column(rank, flat, "montant", additive=True)
    measure = _MEASURE.search(words)
    scale = (measure["words"] or "milliers") if measure else ""
    if kind == "chose":
        return Column(rank, flat, "chose", scale, additive=True)
    of_count = next((name for start, name in UNITS_OF_COUNTS if re.search(rf"\b{start}", words)), "")
    unit = scale or (of_count if kind == "nombre" else "")
    return Column(rank, flat, "nombre", unit, additive=not _OF_ONE.match(words))


def check_cell(column: Column, cell: str, place: str) -> None:
    """Refuse a cell of figures that is no number taken whole.

    Raises
    ------
    TableError
        With the cell and its column.
    """
    if repeats(cell):
        raise TableError(f"{cell!r}, in the column {column.heading!r}, repeats a number: write it", cell=place)
    if _IN_LETTERS.fullmatch(normalised(cell)) or _LIKE_FIGURES.fullmatch(cell.strip()):
        raise TableError(f"{cell!r}, in the column {column.heading!r}, may be a number in letters", cell=place)
    if counts(cell) and numeral(cell) is None and not is_void(cell):
        raise TableError(f"{cell!r}, in the column {column.heading!r}, is no number taken whole", cell=place)


def with_units_above(
    columns: Sequence[Column], body: Sequence[Sequence[str]], title: str, units: Sequence[str]
) -> list[Column]:
    """Give the unit of the title to the amounts that have none; say what is paid for and what is counted.

    A column whose heading says neither is of the nature of those with which it is printed to make a sum. Where no
    heading speaks of money, such columns are alike, and the unit is theirs; else nobody knows.

    Raises
    ------
    TableError
        Where the title gives several units, or where nobody knows which columns have its unit.
    """
    done, counts = {column.rank: column for column in columns}, set[int]()

    def is_open(column: Column) -> bool:
        bare = column.kind == "nombre" and column.additive and not column.unit and says_nothing(column.heading)
        coded = said(column.heading) == "code" or _NAMES_A_ROW.match(normalised(column.heading))
        return (bare and not coded) or column.kind == "chose"

    def may_be_paid(column: Column) -> bool:
        return is_open(column) or (column.kind == "ratio" and not column.unit)

    for group in _sums(columns, body) if any(map(may_be_paid, columns)) else []:
        summed = [done[column.rank] for column in group]
        paid = [unit for column in summed if column.kind == "montant" for unit in units_of(column, body)]
        counted = any(column.kind == "nombre" and not is_open(column) for column in summed)
        kind: Kind = "montant" if paid else "nombre" if counted else "chose"
        done |= {c.rank: replace(c, kind=kind, unit="".join(paid[:1])) for c in summed if is_open(c)}
        if paid:
            done |= {
                c.rank: replace(c, kind="montant", unit=paid[0], additive=True) for c in summed if c.kind == "ratio"
            }
        counts |= {c.rank for c in summed if counted}
    whole: Column | None = None
    for column in columns:
        if not column.heading.lower().startswith("dont "):
            whole = done[column.rank]
        elif whole is not None and whole.kind == "montant" and (is_open(column) or column.kind == "montant"):
            unit = column.unit or units_of(whole, body)[0]
            done[column.rank] = replace(column, kind="montant", unit=unit)
    unsaid = [column for column in done.values() if is_open(column) and column.rank not in counts]
    headless = [column for column in unsaid if not column.heading]
    if units and headless and len([column for column in columns if column.of_figures]) > 1:
        raise TableError(
            f"a column of numbers has no heading: nobody knows whether it is in {units[0]}, the unit of the title"
        )
    paid_for = next((column for column in done.values() if column.kind == "montant"), None)
    for column in unsaid:
        given = [unit for unit in units_in(column.heading) if unit in SCALES] or units
        other = next((c for c in unsaid if c.kind != column.kind), None) if paid_for is None else paid_for
        kind = "montant"
        if not given or (paid_for is not None and column.kind == "chose"):
            kind = "nombre"
        elif given[0] != "€" and (
            COUNTS.search(normalised(title)) or (other and not SUM.search(normalised(column.heading)))
        ):
            beside = f", beside {other.heading!r}," if other else ""
            sentence = f"nobody knows whether {column.heading!r}{beside} is in {given[0]}, the unit of the title"
            raise TableError(f"{sentence}: write its unit in its heading")
        done[column.rank] = replace(column, kind=kind)
    for column in [column for column in done.values() if column.kind == "montant" and not column.unit]:
        given = [unit for unit in units_in(column.heading) if unit in SCALES] or units
        if given and any(without_unit(row[column.rank]) for row in body):
            if len(given) > 1:
                named = " and ".join(given)
                raise TableError(f"the title gives several units, {named}, and {column.heading!r} none")
            done[column.rank] = replace(column, unit=given[0])
    return list(done.values())


def _sums(columns: Sequence[Column], body: Sequence[Sequence[str]]) -> Iterator[list[Column]]:
    """Yield a column with those beside it of which it is the sum as printed, on every row and on two at least.

    Those are on one side of it, or one is on each: an amount, the same a year later, what it gained.
    """
    figures = [column for column in columns if column.of_figures]
    values = {column.rank: [_value(row[column.rank]) for row in body] for column in figures}
    for at, total in enumerate(figures):
        rows = [rank for rank, row in enumerate(body) if numeral(row[total.rank]) is not None]
        sides = [
            figures[:at][::-1],
            figures[at + 1 :],
            [*figures[at - 1 : at], *figures[at + 1 : at + 2]] if at else [],
        ]
        for side in sides if len(rows) > 1 else []:
            sums = itertools.accumulate(values[part.rank][rows[0]] for part in side)
            alike = (size for size, so_far in enumerate(sums, start=1) if so_far == values[total.rank][rows[0]])
            for parts in (side[:size] for size in alike if size > 1):
                if all(values[total.rank][rank] == sum(values[each.rank][rank] for each in parts) for rank in rows):
                    yield [total, *parts]


def _value(cell: str) -> Decimal:
    """Return what a cell prints where it has one reading, no number where it has several."""
    figure = numeral(cell)
    if figure is None:
        return Decimal(0)
    value, *others = readings(figure.digits).values()
    return Decimal("NaN") if others else -value if figure.negative else value


def units_of(column: Column, body: Sequence[Sequence[str]]) -> list[str]:
    """Return the unit of a column, else one that its cells print, else an empty text."""
    printed = (figure.unit for row in body if (figure := numeral(row[column.rank])) and figure.unit)
    return [column.unit or next(printed, "")]


def said(heading: str) -> str:
    """Return what the words of a heading say of its column, an empty text where none is known.

    Examples
    --------
    >>> said("Nb de dotations"), said("Code du service"), said("Services"), said("2023")
    ('nombre', 'code', 'chose', '')
    """
    found = [str(word.lastgroup) for word in _WORDS.finditer(normalised(heading))]
    return next((kind for kind in found if kind != "chose"), "".join(found[:1]))


def heads_regions(heading: str) -> bool:
    """Tell whether a heading says that its column names régions."""
    return re.match(r"(?:regions?|ars)\b", normalised(heading)) is not None


def of_departements(heading: str) -> bool:
    """Tell whether a heading is that of départements, of their names or of their codes."""
    return _OF_DEPARTEMENTS.match(normalised(heading)) is not None


def speaks_of_money(heading: str) -> bool:
    """Tell whether a heading names money, or a unit: `Montant`, `2023 (k€)`, not `2023`."""
    return bool(units_in(heading)) or said(heading) == "montant"


def speaks_of_figures(heading: str) -> bool:
    """Tell whether a heading is that of figures: `Montant`, `Nb de places`, `k€`."""
    return speaks_of_money(heading) or said(heading) == "nombre"


def says_nothing(heading: str) -> bool:
    """Tell whether a heading names neither money nor what is counted: `Base 2023`."""
    return not speaks_of_money(heading) and said(heading) not in MONEY_OR_COUNTS


def without_unit(cell: str) -> bool:
    """Tell whether a cell is a number that prints no unit."""
    figure = numeral(cell)
    return figure is not None and not figure.unit
