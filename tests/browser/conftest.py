"""A browser that may not reach any network, and the check of accessibility."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """Drive the system's Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
    with sync_api.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=flags)
        yield running
        running.close()


@pytest.fixture(scope="session")
def tab(browser: Any) -> Iterator[tuple[Any, list[str]]]:
    """Keep one page for all tests, which costs a third of a page each, and what it does that a test has to know."""
    faults: list[str] = []
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    local = ("file:", "data:", "blob:", "about:", "http://127.0.0.1:", "ws://127.0.0.1:")
    page.on("request", lambda request: None if request.url.startswith(local) else faults.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page, faults
    context.close()


@pytest.fixture
def open_page(tab: tuple[Any, list[str]]) -> Iterator[Callable[..., Any]]:
    """Open a page in the place of the one before; a request that leaves this machine, or an error, fails the test."""
    page, faults = tab

    def open_one(address: str | Path, *, width: int = 1280, height: int = 900, scheme: str = "light") -> Any:
        if page.url.startswith("file:"):
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.goto("about:blank")
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, media="null")
        page.goto(address.as_uri() if isinstance(address, Path) else address)
        return page

    yield open_one
    found = [*faults]
    faults.clear()
    assert found == []


_SCREENS = [(390, "dark"), (1280, "light"), (390, "light"), (1280, "dark")]


@pytest.fixture(
    params=[pytest.param(one, marks=[pytest.mark.slow] * (rank > 0)) for rank, one in enumerate(_SCREENS)],
    ids=lambda one: f"{one[1]}-{one[0]}",
)
def screen(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Give a width and a theme; all but one pair are tried apart, with the slow tests."""
    return dict(zip(("width", "scheme"), request.param, strict=True))


@pytest.fixture(scope="session")
def simulator_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the one-file page of the simulator."""
    from cdppe_analysis.simulator import write_simulator

    return write_simulator(tmp_path_factory.mktemp("simulateur"))


@pytest.fixture
def violations() -> Callable[..., list[str]]:
    """Return the violations that axe-core finds on a page: serious and critical, or of any impact."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

    def check(page: Any, *, any_impact: bool = False) -> list[str]:
        found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        return [
            f"{one['id']}: {node['html'][:120]}"
            for one in found
            if any_impact or one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    return check


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Drive Debian's Firefox by its own protocol, Marionette: a command of WebDriver and its parameters."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("Firefox is not installed")
    profile = tmp_path_factory.mktemp("firefox")
    (profile / "user.js").write_text('user_pref("marionette.port", 0);\n')
    port = profile / "MarionetteActivePort"
    command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if port.is_file() and port.read_text().strip():
                break
            time.sleep(0.2)
        with socket.create_connection(("127.0.0.1", int(port.read_text())), timeout=60) as wire:
            stream = wire.makefile("rwb")
            _marionette_message(stream)

            def command_(name: str, **parameters: Any) -> Any:
                written = json.dumps([0, 1, f"WebDriver:{name}", parameters]).encode()
                stream.write(b"%d:%s" % (len(written), written))
                stream.flush()
                _, _, error, answer = _marionette_message(stream)
                assert error is None, error
                return answer.get("value")

            command_("NewSession", capabilities={})
            yield command_
    finally:
        running.terminate()
        running.wait(timeout=30)


def _marionette_message(stream: Any) -> Any:
    digits = b"".join(iter(lambda: stream.read(1), b":"))
    return json.loads(stream.read(int(digits)))
