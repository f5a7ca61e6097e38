"""The site of the small notebooks, made once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from cdppe_analysis.reports.site import Site, write_site


@dataclass(frozen=True)
class Made:
    """A site, where it stands and what was announced while it was made."""

    site: Site
    out: Path
    lines: tuple[str, ...]

    def text(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def made(small_notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    out = tmp_path_factory.mktemp("site") / "reports"
    lines: list[str] = []
    site = write_site(small_notebooks, out, jobs=2, announce=lines.append)
    return Made(site, out, tuple(lines))
