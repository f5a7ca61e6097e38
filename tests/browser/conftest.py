"""A browser that may not reach any network, and the check of accessibility."""

from __future__ import annotations

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


@pytest.fixture(scope="module")
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page; a request that leaves this machine, or an error of a page, fails the module."""
    contexts: list[Any] = []
    outside: list[str] = []
    errors: list[str] = []

    def open_one(address: str | Path, *, width: int = 1280, height: int = 900, scheme: str = "light") -> Any:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        local = ("file:", "data:", "blob:", "http://127.0.0.1:", "ws://127.0.0.1:")
        page.on("request", lambda request: None if request.url.startswith(local) else outside.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address.as_uri() if isinstance(address, Path) else address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert outside == []
    assert errors == []


@pytest.fixture
def violations() -> Callable[[Any], list[str]]:
    """Return the serious and critical violations that axe-core finds on a page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

    def check(page: Any) -> list[str]:
        found = axe.Axe().run(page).response["violations"]
        return [
            f"{one['id']}: {node['html'][:120]}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    return check
