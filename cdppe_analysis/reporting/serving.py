"""The simulator served by Voilà: its own notebook and template, on this machine only unless told otherwise.

Each reader has a kernel of his own, which is stopped when he leaves. The page asks the server for nothing but this
notebook: no file of the folder is listed or served, and no code is taken from a browser.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from cdppe_analysis.errors import ReportError
from cdppe_analysis.printing.layout import TEMPLATES

HERE = "127.0.0.1"


def voila_settings(notebook: Path, *, host: str, port: int, browser: bool) -> dict[str, Any]:
    """Return the settings of Voilà.

    Parameters
    ----------
    notebook
        The notebook of the page.
    host
        The address to listen on; `127.0.0.1` is reached from this machine only.
    port
        The port.
    browser
        Whether to open a browser.

    Raises
    ------
    ReportError
        When there is no such notebook, or the port is none.
    """
    if not notebook.is_file():
        raise ReportError("there is no notebook of the simulator", cell=str(notebook))
    if not 0 < port < 2**16:
        raise ReportError(f"{port} is no port")
    return {
        "Voila": {"ip": host, "port": port, "open_browser": browser, "notebook_path": str(notebook)},
        "VoilaConfiguration": {
            "template": "simulateur",
            "show_tracebacks": False,
            "file_allowlist": ["nothing-is-served"],
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "extension_denylist": ["all"],
            "preheat_kernel": True,
        },
        "VoilaKernelManager": {"cull_idle_timeout": 3600, "cull_interval": 60},
    }


def serve(notebook: Path, *, host: str = HERE, port: int = 8866, browser: bool = True) -> None:
    """Serve the simulator until it is interrupted; see `voila_settings`.

    Raises
    ------
    ReportError
        When Voilà is not installed, or a setting is wrong.
    """
    settings = voila_settings(notebook, host=host, port=port, browser=browser)
    paths = [str(TEMPLATES), *filter(None, os.environ.get("JUPYTER_PATH", "").split(os.pathsep))]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(paths)
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    try:
        from traitlets.config import Config
        from voila.app import Voila
    except ImportError as error:
        raise ReportError("the simulator needs Voilà (pip install cdppe-analysis[simulateur])") from error
    # The kernel of the draws is compiled once for a machine, before anybody waits for a page.
    import_module("cdppe_analysis.allocation.kernel")
    application = Voila(config=Config(settings))
    application.initialize(argv=[str(notebook)])
    application.start()
