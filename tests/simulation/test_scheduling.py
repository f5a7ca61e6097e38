"""Chunks through Dask: here, on a cluster, and when the cluster is lost."""

import logging
import time

import pytest

from cdppe_analysis.errors import ScenarioError, SchedulerError
from cdppe_analysis.simulation import scheduling
from cdppe_analysis.simulation.scheduling import run_chunks

CHUNKS = [(rank,) for rank in range(20)]


def times(shared, rank):
    return shared * rank


def fails_late(shared, rank):
    if rank == 17:
        raise ScenarioError("a chunk fails")
    return shared * rank


def waits(shared, rank):
    time.sleep(0.02)
    return shared * rank


def collected(function=times, **options):
    found = {}
    run_chunks(function, 10, CHUNKS, found.__setitem__, **options)
    return found


@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
@pytest.mark.parametrize("workers", [1, 3])
def test_every_chunk_is_handed_over_with_its_rank(scheduler, workers):
    assert collected(scheduler=scheduler, workers=workers) == {rank: 10 * rank for rank in range(20)}


def test_processes_give_the_same_results():
    assert collected(scheduler="processes", workers=1) == {rank: 10 * rank for rank in range(20)}


def test_a_process_is_given_one_chunk_at_a_time():
    with scheduling._pool("processes", 1) as given:
        assert given["chunksize"] == 1


def test_no_chunk_is_no_work():
    run_chunks(times, 10, [], lambda *_: pytest.fail("nothing was asked for"))


def test_what_was_finished_is_handed_over_before_an_error():
    found = {}
    with pytest.raises(ScenarioError, match="a chunk fails"):
        run_chunks(fails_late, 10, CHUNKS, found.__setitem__, scheduler="synchronous", workers=1)
    assert set(range(8)) <= set(found)


def test_an_interruption_keeps_what_was_finished():
    found = {}

    def interrupt(rank, result):
        found[rank] = result
        if len(found) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_chunks(times, 10, CHUNKS, interrupt, scheduler="threads", workers=2)
    assert len(found) == 5


def test_what_is_no_scheduler_is_refused():
    with pytest.raises(SchedulerError, match="'thread' is no scheduler"):
        collected(scheduler="thread")


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch):
    monkeypatch.setattr(scheduling, "ANSWER_WITHIN", 0.5)
    with pytest.raises(SchedulerError, match=r"tcp://127\.0\.0\.1:9 does not answer"):
        collected(scheduler="tcp://127.0.0.1:9")


def test_a_library_that_is_not_installed_names_the_extra_that_brings_it():
    with pytest.raises(SchedulerError, match=r"cdppe-analysis\[echelle\]"):
        scheduling._installed("no_such_library")


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, protocol="tcp://"
    ) as found:
        yield found


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_results(cluster):
    assert collected(scheduler=cluster.scheduler_address) == {rank: 10 * rank for rank in range(20)}


@pytest.mark.filterwarnings("ignore")
def test_an_error_of_the_computation_is_told_as_such_by_a_cluster(cluster):
    with pytest.raises(ScenarioError, match="a chunk fails"):
        collected(fails_late, scheduler=cluster.scheduler_address)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_dies_half_way_is_said_and_what_was_finished_is_kept(cluster, monkeypatch):
    monkeypatch.setattr(scheduling, "ANSWER_WITHIN", 1.0)
    found = {}

    def close_after_three(rank, result):
        found[rank] = result
        if len(found) == 3:
            cluster.close()

    with pytest.raises(SchedulerError, match=r"was lost after \d+ of 20 chunks") as caught:
        run_chunks(waits, 10, CHUNKS, close_after_three, scheduler=cluster.scheduler_address)
    assert len(found) >= 3
    assert f"after {len(found)} of" in str(caught.value)
    assert all(result == 10 * rank for rank, result in found.items())


def test_what_a_cluster_says_is_told_by_its_first_line():
    assert scheduling._told(OSError("it is gone\nTraceback")) == "it is gone"
    assert scheduling._told(TimeoutError()) == "TimeoutError"


@pytest.mark.parametrize(
    "address", ["tcp://hote:8786", "tls://10.0.0.1:65535", "ws://hote:80", "wss://h:1", "ucx://h:2"]
)
def test_an_address_has_a_protocol_a_host_and_a_port(address):
    assert scheduling._ADDRESS.fullmatch(address)


@pytest.mark.parametrize(
    "address", ["hote:8786", "tcp://hote", "http://hote:80", "tcp://:80", "tcp://h:123456", "tcp://a b:8"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(SchedulerError, match="is no address of a scheduler: write tcp://host:8786"):
        collected(scheduler=address)


def test_the_logs_are_still_while_a_cluster_is_used_and_as_they_were_after():
    logs = [logging.getLogger(name) for name in ("distributed", "distributed.client", "tornado.application")]
    before = [log.level for log in logs]
    with scheduling._quiet():
        assert {log.level for log in logs} == {logging.CRITICAL}
    assert [log.level for log in logs] == before
