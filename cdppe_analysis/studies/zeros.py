"""What a zero of a survey means: no child, an answer that was not given, or one cannot tell.

The DREES's annual tables print 0 both for « none » and for what a département did not break down. Two other facts of
the same survey tell them apart: how the département's children spread over the kinds of establishment (table 6), and
how many children it places outside its own ground in the same kinds (table 5, which prints « NR » for no answer).

Rules, the first that holds:

1. table 5 counts more children, outside the département alone, than table 6 has in all: the zero is wrong (`manquant`);
2. one kind holds all the children: they were not broken down (`manquant`);
3. table 5 says zero too: two answers agree (`vrai`);
4. table 5 has no answer, or a number that the other kinds it counts may explain (`inconnu`).

Known drawback: `vrai` is what the survey says twice, not what anybody counted anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError

STATUSES = ("observe", "vrai", "manquant", "inconnu")
"""A number above zero, then the three kinds of zero."""


def zero_statuses(
    kinds: pd.DataFrame, kind: str, elsewhere: pd.Series, counted_with: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the status of each unit's number in `kind`, with its reason in French.

    Parameters
    ----------
    kinds
        Children by unit (index) and kind of establishment (columns): every kind of the table.
    kind
        The column whose zeros are asked about.
    elsewhere
        Children placed outside the département in that kind and in those of `counted_with`; missing for no answer.
    counted_with
        The other columns that `elsewhere` counts with `kind`.

    Returns
    -------
    DataFrame
        Index of `kinds`; valeur, ailleurs (missing for no answer), statut (`STATUSES`), motif (empty above zero).

    Raises
    ------
    TableError
        When a column is not in the table, or a number is missing or negative.

    Examples
    --------
    >>> printed = {"speciale": [3, 0, 0], "sanitaire": [0, 1, 0], "mecs": [40, 50, 60]}
    >>> kinds = pd.DataFrame(printed, index=["59", "62", "01"])
    >>> zero_statuses(kinds, "speciale", pd.Series({"59": 1.0, "62": 0.0}), ["sanitaire"])["statut"].tolist()
    ['observe', 'vrai', 'manquant']
    """
    for name in (kind, *counted_with):
        if name not in kinds.columns:
            raise TableError(f"the table of kinds has no column {name!r}")
    if not (kinds >= 0).all(axis=None):
        code = kinds.index[~(kinds >= 0).all(axis=1)][0]
        raise TableError("a number of children is missing or negative", code=str(code))
    answers = elsewhere.reindex(kinds.index)
    said = [
        _status(row, kind, answer, counted_with)
        for row, answer in zip(kinds.to_dict("records"), answers.to_list(), strict=True)
    ]
    told = pd.DataFrame(said, columns=["statut", "motif"], index=kinds.index)
    return pd.DataFrame({"valeur": kinds[kind], "ailleurs": answers}).join(told)


def _status(row: Mapping[Any, float], kind: str, elsewhere: float, counted_with: Sequence[str]) -> tuple[str, str]:
    if row[kind] > 0:
        return "observe", ""
    others = sum(row[name] for name in counted_with)
    if elsewhere > others:
        return "manquant", "la même enquête en compte hors du département"
    if sum(count > 0 for count in row.values()) == 1:
        return "manquant", "tous les enfants sont dans une seule catégorie : la réponse n’est pas ventilée"
    if elsewhere == 0:
        return "vrai", "zéro aussi parmi les placements hors du département"
    if elsewhere > 0:
        return "inconnu", "hors du département, la réponse réunit ce lieu et d’autres"
    return "inconnu", "pas de réponse sur les placements hors du département"
