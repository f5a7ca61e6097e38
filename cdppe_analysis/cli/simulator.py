"""`cdppe simulator`: another rule in the browser, on this machine."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)")
    parser.add_argument("--port", type=int, default=8866, metavar="N", help="port (8866)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def run(arguments: argparse.Namespace) -> int:
    """Serve the page until it is interrupted."""
    from cdppe_analysis.cli.report import notebooks_folder
    from cdppe_analysis.reporting.serving import serve

    notebook: Path = notebooks_folder() / "simulateur.ipynb"
    print(
        f"The simulator will be at http://{arguments.host}:{arguments.port} (Ctrl-C to stop); "
        "the first time, it is compiled for a minute",
        flush=True,
    )
    serve(notebook, host=arguments.host, port=arguments.port, browser=not arguments.no_browser)
    return 0
