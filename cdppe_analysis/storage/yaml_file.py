"""Read a YAML file strictly: a key given twice is an error, and dates stay text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from cdppe_analysis.errors import CdppeError, SourceError


class _StrictLoader(yaml.SafeLoader):
    """The safe loader, without implicit dates and refusing a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: str | Path, error: type[CdppeError] = SourceError) -> Any:
    """Return the content of a YAML file.

    Parameters
    ----------
    path
        The file, in UTF-8.
    error
        The class to raise when the file is missing or is not YAML.
    """
    file = Path(path)
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except OSError as cause:
        raise error(f"cannot read {file.name}: {cause.strerror}", cell=str(path)) from cause
    except UnicodeDecodeError as cause:
        raise error(f"{file.name} is not in UTF-8", cell=f"byte {cause.start}") from cause
    except yaml.YAMLError as cause:
        mark = getattr(cause, "problem_mark", None)
        place = f"{file.name}, line {mark.line + 1}" if mark else file.name
        raise error(f"not a YAML file: {getattr(cause, 'problem', None) or cause}", cell=place) from cause
