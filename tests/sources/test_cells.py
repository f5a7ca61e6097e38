"""The name of a cell goes out and comes back."""

import pytest

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources import CellReference


@pytest.mark.parametrize("written", ["b-enveloppes L7 dotation_departement", "population L12"])
def test_a_written_reference_is_read_back(written):
    assert str(CellReference.parse(written)) == written


@pytest.mark.parametrize("text", ["", "b-enveloppes", "b-enveloppes L", "b-enveloppes 7 x", "a L1 b c"])
def test_what_names_no_cell_is_refused(text):
    with pytest.raises(SourceError, match="does not name a cell"):
        CellReference.parse(text)
