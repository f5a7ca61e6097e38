"""The edge of the simulation: scenarios read from their files, prepared, run, and written down.

`simulation` below reads and writes nothing; here scenarios of `data/scenarios` meet the tables and the rules.
"""

from cdppe_analysis.data.reading import load_needs, load_scenario, load_scenarios
from cdppe_analysis.studies.preparation import (
    Prepared,
    compare_prepared,
    contributions_of,
    prepare,
)
from cdppe_analysis.studies.results import check_destination, write_results
from cdppe_analysis.studies.running import (
    StudyResult,
    kept_name,
    kept_place,
    read_record,
    result_table,
    run_again,
    run_study,
)
from cdppe_analysis.studies.telling import summary

__all__ = [
    "Prepared",
    "StudyResult",
    "check_destination",
    "compare_prepared",
    "contributions_of",
    "kept_name",
    "kept_place",
    "load_needs",
    "load_scenario",
    "load_scenarios",
    "prepare",
    "read_record",
    "result_table",
    "run_again",
    "run_study",
    "summary",
    "write_results",
]
