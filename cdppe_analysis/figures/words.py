"""What is said around a figure: its words, and its text alternative."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.territories import departement

_NAMED = 4


@dataclass(frozen=True)
class Words:
    """The words of a figure.

    Attributes
    ----------
    title
        The finding.
    subtitle
        The measure, its unit and its date.
    source
        Where the figures come from.
    champ
        The field: which units are shown.
    note
        What the reader must be warned of, estimates first.
    lecture
        How to read one element of the figure.

    Raises
    ------
    FigureError
        When one of the first four is empty.

    Examples
    --------
    >>> Words("Trois départements", "Taux, en %", "exemple", "trois départements").below()
    [('champ', 'Champ : trois départements.'), ('source', 'Source : exemple.')]
    """

    title: str
    subtitle: str
    source: str
    champ: str
    note: str | None = None
    lecture: str | None = None

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "source", "champ"):
            if not getattr(self, name).strip():
                raise FigureError(f"a figure needs its {name}")

    def below(self, background: str | None = None) -> list[tuple[str, str]]:
        """Return the lines under the picture, each with its name; `background` is the origin of the contours."""
        source = f"Source : {_stopped(self.source)}"
        if background:
            source += f" Fond de carte : {_stopped(background)}"
        lines = [
            ("lecture", f"Lecture : {_stopped(self.lecture)}" if self.lecture else ""),
            ("note", f"Note : {_stopped(self.note)}" if self.note else ""),
            ("champ", f"Champ : {_stopped(self.champ)}"),
            ("source", source),
        ]
        return [(name, line) for name, line in lines if line]

    def noted(self, frame: pd.DataFrame, rows: pd.DataFrame) -> Words:
        """Return the words with, in the note, the units of a frame that no row is drawn for.

        Examples
        --------
        >>> frame = pd.DataFrame({"code_departement": ["59", "976"]})
        >>> Words("t", "s", "s", "c", note="essai").noted(frame, pd.DataFrame(index=["59"])).note
        'essai. Sans donnée, non montré : Mayotte.'
        """
        absent = [str(code) for code in frame["code_departement"] if code not in rows.index]
        if not absent:
            return self
        named = ", ".join(departement(code).libelle for code in absent)
        many = f"{typography.number(len(absent))} départements"
        said = f"Sans donnée, non montré{'s' if len(absent) > 1 else ''} : {named if len(absent) <= _NAMED else many}."
        return replace(self, note=f"{_stopped(self.note)} {said}" if self.note else said)

    def alternative(self, kind: str, *sentences: str) -> str:
        """Return the text alternative: what the figure is, its finding, what it shows, its field and source."""
        return " ".join(
            (
                f"{kind} : {_stopped(self.title)} {_stopped(self.subtitle)}",
                *(_stopped(sentence) for sentence in sentences if sentence),
                f"Champ : {_stopped(self.champ)} Source : {_stopped(self.source)}",
            )
        )


def _stopped(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
