"""The errors of the library: one sentence a researcher understands, then the place.

Every error that a bad input can cause derives from `CdppeError`, so that a caller catches one class and the
command line prints one line. The place (code, criterion, cell) is kept apart from the sentence, for programs.
"""

from __future__ import annotations

from fractions import Fraction

_LONGEST, _KEPT = 800, 300


class CdppeError(Exception):
    """An input that cannot be used, or a check that failed.

    Parameters
    ----------
    message
        One sentence, without a final full stop.
    code
        INSEE code of the unit concerned.
    criterion
        Identifier of the criterion concerned.
    cell
        Where the value stands: a cell of a raw table, a row of a file, a key of a rule.
    """

    exit_code = 2

    def __init__(
        self, message: str, *, code: str | None = None, criterion: str | None = None, cell: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = _readable(message)
        self.code = code
        self.criterion = criterion
        self.cell = cell

    def __str__(self) -> str:
        places = [
            f"{name} {_readable(value)}"
            for name, value in (("code", self.code), ("criterion", self.criterion), ("at", self.cell))
            if value not in (None, "")
        ]
        return self.message if not places else f"{self.message} ({', '.join(places)})"


def _readable(text: str) -> str:
    """Cut the middle of a text that quotes something endless; a sentence begins with what and ends with the way out."""
    return text if len(text) <= _LONGEST else f"{text[:_KEPT]}…{text[-_KEPT:]}"


class TerritoryError(CdppeError):
    """A code or a name that is no territory, or that could be several."""


class SourceError(CdppeError):
    """A document of the catalogue that is missing, unknown, or whose bytes changed."""


class CorrectionError(CdppeError):
    """A declared correction that matches nothing, or not what it says."""


class TableError(CdppeError):
    """A table that cannot be read or cleaned: encoding, columns, cells."""


class RuleError(CdppeError):
    """A rule that is not one: weights, bounds, envelope, unknown keys."""


class CriteriaError(CdppeError):
    """A value of a criterion that is missing, negative, infinite or not a number."""


class InfeasibleError(RuleError):
    """Bounds that no allocation can satisfy, or publications that no criterion can explain."""


class UnsettledError(RuleError):
    """A program with too many choices: its search was given up, and nothing is known of its solution."""


class EnvelopeError(InfeasibleError):
    """Bounds that do not fit an envelope, with both figures, from which any language can tell them.

    Parameters
    ----------
    side
        `bas` where the lower bounds exceed the envelope, `haut` where the upper bounds do not spend it.
    bounds, envelope
        Their sum and the envelope, in euros.
    count
        The number of beneficiaries.
    """

    def __init__(self, side: str, bounds: Fraction, envelope: Fraction, count: int, *, cell: str | None = None) -> None:
        self.side, self.bounds, self.envelope, self.count = side, bounds, envelope, count
        which, gap = ("lower", "more") if side == "bas" else ("upper", "less")
        super().__init__(
            f"the {which} bounds of the {count} beneficiaries sum to {written(bounds)} €, "
            f"{gap} than the envelope of {written(envelope)} €",
            cell=cell,
        )


class ScenarioError(CdppeError):
    """A scenario that changes nothing known, or is not one."""


class NeedsError(CdppeError):
    """Means, rates or sizes that no population can have together."""


class SchedulerError(CdppeError):
    """A scheduler of draws that does not answer, or that is lost half way."""


class FigureError(CdppeError):
    """A column that cannot be drawn as asked."""


class ReportError(CdppeError):
    """A report, a sheet or a PDF that cannot be made."""


class CheckError(CdppeError):
    """A check of the data that failed; the command line then exits with 1."""

    exit_code = 1


def written(value: Fraction) -> str:
    """Write an exact number for a message: in decimals where they end, else as a fraction.

    Examples
    --------
    >>> written(Fraction(57, 200)), written(Fraction(1, 3)), written(Fraction(15000000))
    ('0.285', '1/3', '15000000')
    """
    remaining, digits = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while remaining % prime == 0:
            remaining //= prime
            count += 1
        digits = max(digits, count)
    if remaining != 1:
        return str(value)
    if digits == 0:
        return str(value.numerator)
    scaled = abs(value.numerator) * 10**digits // value.denominator
    whole, decimals = divmod(scaled, 10**digits)
    return f"{'-' if value < 0 else ''}{whole}.{decimals:0{digits}d}"
