"""Chunks of work through Dask: threads or processes of this machine, or the workers of a cluster.

A result is handed over as soon as its chunk is finished, in any order, so that an interruption or a scheduler that
dies loses nothing that was finished. Few chunks are under way at once, so that memory is bounded by their number.

Known drawback: on this machine chunks go in waves, and the last chunk of a wave leaves the other workers idle.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import itertools
import logging
import multiprocessing
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor
from typing import Any, TypeVar

from cdppe_analysis.errors import SchedulerError

Result = TypeVar("Result")

LOCAL = ("threads", "processes", "synchronous")
"""The schedulers of this machine; anything else is the address of a cluster."""

_WAVE = 8
_ADDRESS = re.compile(r"(tcp|tls|wss?|ucx)://[^\s/]+:[0-9]{1,5}")
_LOGS = ("distributed", "distributed.client", "tornado.application")
ANSWER_WITHIN = 10.0
"""Seconds that a scheduler, and its first worker, are waited for."""


def run_chunks(
    function: Callable[..., Result],
    shared: Any,
    chunks: Sequence[tuple[Any, ...]],
    done: Callable[[int, Result], None],
    *,
    scheduler: str | None = None,
    workers: int | None = None,
) -> None:
    """Compute `function(shared, *chunk)` for every chunk.

    Parameters
    ----------
    function
        Importable by the workers.
    shared
        What every chunk needs; it is sent once to a cluster.
    chunks
        The other arguments, a tuple a chunk.
    done
        Called here with the rank of a chunk and its result, as soon as it is finished, in any order.
    scheduler
        `threads`, `processes`, `synchronous`, or the address of a Dask scheduler such as `tcp://host:8786`; `threads`
        when left out.
    workers
        How many on this machine; as many as it has processors when left out. A cluster has its own.

    Raises
    ------
    SchedulerError
        When the scheduler does not answer, or dies half way.
    """
    if not chunks:
        return
    scheduler = scheduler or LOCAL[0]
    if scheduler in LOCAL:
        _run_here(function, shared, chunks, done, scheduler, workers)
    elif "://" in scheduler or ":" in scheduler:
        _run_on_cluster(function, shared, chunks, done, scheduler)
    else:
        raise SchedulerError(
            f"{scheduler!r} is no scheduler: give one of {', '.join(LOCAL)}, or an address such as tcp://host:8786"
        )


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _installed(module: str) -> Any:
    """Import a library of the extra `echelle`, that not every installation carries.

    Raises
    ------
    SchedulerError
        When it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SchedulerError(f"{module} is not installed: install cdppe-analysis[echelle]") from error


def _run_here(
    function: Callable[..., Result],
    shared: Any,
    chunks: Sequence[tuple[Any, ...]],
    done: Callable[[int, Result], None],
    scheduler: str,
    workers: int | None,
) -> None:
    dask = _installed("dask")
    count = workers or processors()
    ranks: dict[Any, int] = {}
    # Bound, so that Dask does not search what is shared for collections of its own, chunk after chunk.
    bound = dask.delayed(functools.partial(function, shared), pure=False, traverse=False)

    def delivered(key: Any, result: Any, _graph: Any, state: Any, _worker: Any) -> None:
        if key in ranks:
            done(ranks.pop(key), result)
            # Handed over: Dask need not hold it until the end of the wave.
            state["cache"][key] = None

    wave = _WAVE * count
    with _pool(scheduler, min(count, len(chunks))) as pool:
        for start in range(0, len(chunks), wave):
            tasks = []
            for rank in range(start, min(start + wave, len(chunks))):
                key = f"chunk-{rank}"
                ranks[key] = rank
                tasks.append(bound(*chunks[rank], dask_key_name=key))
            with _installed("dask.callbacks").Callback(posttask=delivered):
                dask.compute(*tasks, scheduler=scheduler, num_workers=count, optimize_graph=False, **pool)


@contextlib.contextmanager
def _pool(scheduler: str, count: int) -> Iterator[dict[str, Any]]:
    """Keep the processes from one wave to the next, since each takes seconds to start.

    Each is given one chunk at a time: Dask would hand over six together, once the last of them is finished.
    """
    if scheduler != "processes":
        yield {}
        return
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield {"pool": pool, "chunksize": 1}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the logs still: the loss of a cluster is told in one sentence, which their traceback would hide."""
    levels = {log: log.level for log in map(logging.getLogger, _LOGS)}
    for log in levels:
        log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for log, level in levels.items():
            log.setLevel(level)


@_quiet()
def _run_on_cluster(
    function: Callable[..., Result],
    shared: Any,
    chunks: Sequence[tuple[Any, ...]],
    done: Callable[[int, Result], None],
    address: str,
) -> None:
    if not _ADDRESS.fullmatch(address):
        raise SchedulerError(f"{address!r} is no address of a scheduler: write tcp://host:8786")
    distributed = _installed("distributed")
    try:
        client = distributed.Client(address, timeout=ANSWER_WITHIN, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerError(f"the scheduler {address} does not answer: {_told(error)}") from error
    finished = 0
    try:
        client.wait_for_workers(1, timeout=ANSWER_WITHIN)
        everywhere = client.scatter(shared, broadcast=True, hash=False)
        ranks: dict[Any, int] = {}
        waiting = iter(range(len(chunks)))
        queue = distributed.as_completed(loop=client.loop, with_results=True)

        def submit(rank: int) -> None:
            future = client.submit(function, everywhere, *chunks[rank], pure=False)
            ranks[future.key] = rank
            queue.add(future)

        for rank in itertools.islice(waiting, _WAVE * max(1, sum(client.ncores().values()))):
            submit(rank)
        for future, result in queue:
            if future.status != "finished":
                raise TimeoutError("its workers are gone")
            done(ranks.pop(future.key), result)
            finished += 1
            future.release()
            for rank in itertools.islice(waiting, 1):
                submit(rank)
    except Exception as error:
        if _is_lost(error, distributed):
            raise SchedulerError(
                f"the scheduler {address} was lost after {finished} of {len(chunks)} chunks: {_told(error)}"
            ) from error
        raise
    finally:
        client.close(timeout=1)


def _is_lost(error: Exception, distributed: Any) -> bool:
    """Tell a cluster that failed from a computation that did."""
    return isinstance(
        error,
        OSError
        | TimeoutError
        | CancelledError
        | distributed.client.FutureCancelledError
        | distributed.comm.core.CommClosedError
        | distributed.scheduler.KilledWorker,
    )


def _told(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
