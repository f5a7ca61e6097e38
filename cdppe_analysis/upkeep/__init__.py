"""The data folder kept: its clean tables built again from the raw cells, and all that it holds checked."""

from pathlib import Path
from typing import Any


def rendered(template: str, **context: Any) -> str:
    """Return the text that a template of this room makes; what it asks and is not given is an error."""
    import jinja2

    from cdppe_analysis.typography import typeset

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["typeset"] = typeset
    return environment.get_template(template).render(context)
