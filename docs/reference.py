"""Write the reference of the package, a page a module, from its docstrings: `python docs/reference.py [folder]`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import warnings
from pathlib import Path

import pdoc

import cdppe_analysis


def modules() -> list[str]:
    """Return the names of all modules but those that run when they are imported."""
    found = pkgutil.walk_packages(cdppe_analysis.__path__, "cdppe_analysis.")
    return ["cdppe_analysis", *(module.name for module in found if not module.name.endswith("__main__"))]


def write_reference(folder: Path) -> Path:
    """Write the pages and return the first of them."""
    asked = []
    for name in modules():
        module, (package, _, last) = importlib.import_module(name), name.rpartition(".")
        for public in getattr(module, "__all__", ()):
            # What is imported when it is first used is no page before that.
            vars(module)[public] = getattr(module, public)
        # pdoc adds the modules of a package by itself, but of one that says what is public in it.
        if not package or last not in getattr(sys.modules[package], "__all__", [last]):
            asked.append(name)
    pdoc.render.configure(
        docformat="numpy", show_source=False, footer_text=f"cdppe-analysis {cdppe_analysis.__version__}"
    )
    with warnings.catch_warnings():
        # `pd.Series[str]` is a type for who checks types, and nothing when the program runs.
        warnings.filterwarnings("ignore", "Error parsing type annotation", UserWarning)
        pdoc.pdoc(*asked, output_directory=folder)
    return folder / "cdppe_analysis.html"


if __name__ == "__main__":
    print("Reference:", write_reference(Path(*sys.argv[1:] or ("build", "reference"))))
