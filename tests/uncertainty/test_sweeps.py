"""Sweeps: the same bytes however they are cut, stopped, killed, or spread over workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from distributed.protocol.pickle import cloudpickle

from canheal_nb.text.errors import UserError
from canheal_nb.uncertainty import sampling, sweeps
from canheal_nb.uncertainty.sampling import Range
from canheal_nb.uncertainty.sweeps import blocks, dask_cluster
from canheal_nb.uncertainty.sweeps.blocks import BLOCK, Floats

GIVEN = (
    Range("price", 3.0, 1.0, 9.0, "pert"),
    Range("people", float("nan"), 100.0, 300.0, "uniform"),
    Range("gain", 0.77, 0.74, 0.81, "lognormal"),
)
SEED = 5
DRAWS = 2_100
OF = "two options, fiction.1"


def served(values: dict[str, Floats]) -> dict[str, Floats]:
    """Fictional: matrix products and powers, whose last digit depends on how they are cut."""
    table = np.column_stack([values["price"], values["people"], values["gain"]])
    mixed = np.exp(np.sin(table @ np.array([[0.3, 0.1], [0.01, 0.02], [0.5, 0.7]])))
    return {"a": mixed[:, 0] ** 1.7, "b": mixed[:, 1] / values["price"]}


@pytest.fixture(scope="module")
def whole() -> sweeps.Sweep:
    return sweeps.run(served, GIVEN, draws=DRAWS, seed=SEED, chunk=10_000)


class Counted:
    """A function that notes the blocks it was asked for, and may fail at one."""

    def __init__(self, fails_at: int = -1) -> None:
        self.blocks: list[int] = []
        self._fails_at = fails_at
        first = {block: block * BLOCK for block in range(40)}
        self._block = {
            sampling.sample(GIVEN, SEED, start, start + 1)["people"][0]: block
            for block, start in first.items()
        }

    def __call__(self, values: dict[str, Floats]) -> dict[str, Floats]:
        block = self._block[values["people"][0]]
        if block == self._fails_at:
            raise ZeroDivisionError
        self.blocks.append(block)
        return served(values)


def test_a_sweep_is_the_function_of_the_draws(whole: sweeps.Sweep) -> None:
    direct = served(sampling.sample(GIVEN, SEED, 0, DRAWS))
    assert list(whole.outcomes) == ["a", "b"]
    for name, values in direct.items():
        assert whole.outcomes[name] == pytest.approx(values)
    assert whole.complete
    assert whole.numbers.tolist() == list(range(DRAWS))
    assert whole.made == 2_250, "whole blocks"


@pytest.mark.parametrize("chunk", [1, 250, 700, 1_000])
def test_the_chunk_changes_no_byte(whole: sweeps.Sweep, chunk: int, tmp_path: Path) -> None:
    made = sweeps.run(
        served, GIVEN, draws=DRAWS, seed=SEED, chunk=chunk, folder=tmp_path / "s", of=OF
    )
    assert made.digest == whole.digest
    again = sweeps.run(served, GIVEN, draws=DRAWS, seed=SEED, folder=tmp_path / "s", of=OF)
    assert (again.digest, again.made) == (whole.digest, 0)
    other = sweeps.run(served, GIVEN, draws=DRAWS, seed=SEED + 1)
    assert other.digest != whole.digest


def test_a_stopped_sweep_goes_on_without_repeating_a_draw(
    whole: sweeps.Sweep, tmp_path: Path
) -> None:
    count, seen = Counted(), list[tuple[int, int]]()

    def run(stop: Callable[[], bool], chunk: int, asked: int = DRAWS) -> sweeps.Sweep:
        return sweeps.run(
            count,
            GIVEN,
            draws=asked,
            seed=SEED,
            folder=tmp_path,
            of=OF,
            chunk=chunk,
            stop=stop,
            progress=lambda done, of: seen.append((done, of)),
        )

    part = run(lambda: len(count.blocks) >= 4, 500)
    assert not part.complete
    assert part.numbers.tolist() == list(range(1_000))
    assert part.outcomes["a"].tobytes() == whole.outcomes["a"][:1_000].tobytes()
    assert seen == [(0, 2_100), (500, 2_100), (1_000, 2_100)]
    assert run(lambda: False, 750).digest == whole.digest
    assert seen[3:] == [(1_000, 2_100), (1_750, 2_100), (2_100, 2_100)]
    more = run(lambda: False, 750, asked=3_000)
    assert more.outcomes["b"][:DRAWS].tobytes() == whole.outcomes["b"].tobytes()
    fewer = run(lambda: False, 750, asked=400)
    assert (len(fewer.outcomes["a"]), fewer.made) == (400, 0)
    assert count.blocks == list(range(12)), "each block once, over four runs"


def test_what_was_finished_before_a_failure_is_kept(whole: sweeps.Sweep, tmp_path: Path) -> None:
    failing, going_on = Counted(fails_at=5), Counted()
    with pytest.raises(ZeroDivisionError):
        sweeps.run(failing, GIVEN, draws=DRAWS, seed=SEED, folder=tmp_path, of=OF, chunk=500)
    assert not list(tmp_path.glob("*.part"))
    made = sweeps.run(going_on, GIVEN, draws=DRAWS, seed=SEED, folder=tmp_path, of=OF)
    assert made.digest == whole.digest
    assert going_on.blocks == [4, 5, 6, 7, 8]


@pytest.mark.parametrize("harm", [b"", b"\x93NUMPY", b"nonsense", None])
def test_a_damaged_file_is_made_again(
    whole: sweeps.Sweep, tmp_path: Path, harm: bytes | None
) -> None:
    sweeps.run(served, GIVEN, draws=DRAWS, seed=SEED, folder=tmp_path, of=OF)
    first, second, *_rest = sorted(tmp_path.glob("draws-*.npy"))
    if harm is None:
        np.save(first, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        np.save(second, np.zeros((3, 1_000)))
    else:
        first.write_bytes(harm)
        second.write_bytes(second.read_bytes()[:-8])
    (tmp_path / ".draws-000000000-000000250.npy.1.part").write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    made = sweeps.run(served, GIVEN, draws=DRAWS, seed=SEED, folder=tmp_path, of=OF)
    assert (made.digest, made.made) == (whole.digest, 2_000)


def test_a_folder_of_another_sweep_is_refused(tmp_path: Path) -> None:
    def run(given: tuple[Range, ...] = GIVEN, seed: int = SEED, of: str = OF) -> None:
        sweeps.run(served, given, draws=10, seed=seed, folder=tmp_path, of=of)

    run()
    with pytest.raises(UserError, match="another sweep .seed is 5, not 6"):
        run(seed=6)
    with pytest.raises(UserError, match="another sweep .inputs is"):
        run(given=(Range("price", 3.0, 1.0, 8.0, "pert"), *GIVEN[1:]))
    with pytest.raises(UserError, match="another sweep .of is two options, fiction.1, not three"):
        run(of="three")
    manifest = tmp_path / "sweep.json"
    manifest.write_text(json.dumps([1]), encoding="utf-8")
    with pytest.raises(UserError, match="another sweep"):
        run()
    manifest.write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be used for a sweep"):
        run()


def test_what_cannot_be_swept_is_refused(tmp_path: Path) -> None:
    turns = iter(["a", "b"])
    for function, said in (
        (lambda values: {"a": 1.0}, r"a has the shape \(\) for 250 draws"),
        (lambda values: {}, "gave the outcomes none"),
        (lambda values: {next(turns): values["price"]}, "outcomes b for some draws and a for"),
    ):
        with pytest.raises(UserError, match=said):
            sweeps.run(function, GIVEN, draws=500, seed=1)
    with pytest.raises(UserError, match="no lasting name"):
        sweeps.run(lambda values: values, GIVEN, draws=5, seed=1, folder=tmp_path / "s")
    with pytest.raises(UserError, match="not 0 and 1000"):
        sweeps.run(served, GIVEN, draws=0, seed=1)
    with pytest.raises(UserError, match="No Dask scheduler answers at nowhere://1"):
        sweeps.run(served, GIVEN, draws=5, seed=1, address="nowhere://1")


def test_dask_is_loaded_only_for_an_address() -> None:
    script = (
        "import sys; from canheal_nb.uncertainty import sweeps\n"
        "from canheal_nb.uncertainty.sampling import Range\n"
        "sweeps.run(lambda v: v, [Range('x', 1.0)], draws=5, seed=1)\n"
        "assert not {'dask', 'distributed', 'SALib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


class Cluster:
    """A real scheduler and workers, each a process of its own, on loopback."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.processes: list[subprocess.Popen[str]] = []
        self._readers: list[threading.Thread] = []
        self.address = ""

    def start(self) -> Cluster:
        options = ["--host", "127.0.0.1", "--no-dashboard"]
        line = self._begin("scheduler", [*options, "--port", "0"], "Scheduler at:")
        self.address = line.split("Scheduler at:")[1].strip()
        return self

    def worker(self) -> subprocess.Popen[str]:
        options = ["--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "1"]
        beside = ["--local-directory", str(self._folder)]
        self._begin("worker", [self.address, *options, *beside], "Registered to:")
        return self.processes[-1]

    def _begin(self, kind: str, options: list[str], ready: str) -> str:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=self._folder)
        self.processes.append(process)
        assert process.stderr is not None
        for line in process.stderr:
            if ready in line:
                self._readers.append(threading.Thread(target=process.stderr.read, daemon=True))
                self._readers[-1].start()
                return line
        pytest.fail(f"{kind} ended with {process.wait()}")

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        for reader in self._readers:
            reader.join()
        for process in self.processes:
            assert process.stderr is not None
            process.stderr.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    made = Cluster(tmp_path / "cluster")
    try:
        yield made.start()
    finally:
        made.close()


class Fatal:
    """A function that, on one block, once, says which process it is in and waits to be killed.

    Sent to workers by value: they have the package, not its tests.
    """

    def __init__(self, block: int, marker: Path) -> None:
        self._at = sampling.sample(GIVEN, SEED, block * BLOCK, block * BLOCK + 1)["people"][0]
        self._marker = marker

    def __call__(self, values: dict[str, Floats]) -> dict[str, Floats]:
        if values["people"][0] == self._at and not self._marker.exists():
            self._marker.write_text(str(os.getpid()), encoding="utf-8")
            threading.Event().wait()
        return served(values)


@pytest.fixture(autouse=True, scope="module")
def by_value() -> Iterator[None]:
    module = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(module)
    yield
    cloudpickle.unregister_pickle_by_value(module)


def killed_midway(cluster: Cluster, folder: Path, asked: int, block: int) -> sweeps.Sweep:
    """Sweep with two workers, of which one is killed while it holds a chunk."""
    while len(cluster.processes) < 3:
        cluster.worker()
    workers = {process.pid: process for process in cluster.processes[1:]}
    marker, killed = folder / "held_by", list[int]()

    def watch() -> bool:
        if not killed and marker.exists() and (text := marker.read_text(encoding="utf-8")):
            killed.append(int(text))
            workers[killed[0]].kill()
        return False

    made = sweeps.run(
        Fatal(block, marker),
        GIVEN,
        draws=asked,
        seed=SEED,
        folder=folder / "sweep",
        of=OF,
        chunk=500,
        address=cluster.address,
        stop=watch,
    )
    (gone,) = killed
    assert workers.pop(gone).wait() == -signal.SIGKILL
    (alive,) = workers.values()
    assert alive.poll() is None
    return made


def test_a_worker_killed_midway_changes_no_byte(
    whole: sweeps.Sweep, cluster: Cluster, tmp_path: Path
) -> None:
    made = killed_midway(cluster, tmp_path, DRAWS, block=3)
    assert made.digest == whole.digest
    assert made.made == 2_250
    count = Counted()
    kept = sweeps.run(count, GIVEN, draws=DRAWS, seed=SEED, folder=tmp_path / "sweep", of=OF)
    assert (kept.digest, count.blocks) == (whole.digest, [])


@pytest.mark.long
def test_a_long_sweep_is_cancelled_killed_and_resumed(cluster: Cluster, tmp_path: Path) -> None:
    asked = 100_000
    whole = sweeps.run(served, GIVEN, draws=asked, seed=SEED, chunk=asked)
    cluster.worker()
    seen: list[int] = []
    part = sweeps.run(
        served,
        GIVEN,
        draws=asked,
        seed=SEED,
        folder=tmp_path / "sweep",
        of=OF,
        chunk=500,
        address=cluster.address,
        progress=lambda done, _all: seen.append(done),
        stop=lambda: len(seen) > 20,
    )
    assert not part.complete
    assert seen == sorted(seen)
    assert 10_000 <= part.made == len(part.numbers) == seen[-1] < asked
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "sweep").glob("draws-*")}
    made = killed_midway(cluster, tmp_path, asked, block=399)
    assert made.digest == whole.digest
    assert made.made == asked - part.made, "no draw twice"
    assert all(path.stat().st_mtime_ns == written for path, written in files.items())


def test_a_cluster_without_workers_and_one_that_goes_away(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(stop: Callable[[], bool] = lambda: False) -> sweeps.Sweep:
        function = Fatal(3, tmp_path / "held_by")
        there = {"folder": tmp_path / "sweep", "address": cluster.address, "of": OF}
        return sweeps.run(function, GIVEN, draws=DRAWS, seed=SEED, chunk=500, stop=stop, **there)

    with monkeypatch.context() as short:
        short.setattr(dask_cluster, "_CONNECT_SECONDS", 2)
        with pytest.raises(UserError, match="has no workers; start one: `dask worker tcp://127"):
            run()
    cluster.worker()

    def end() -> bool:
        if (tmp_path / "held_by").exists():
            cluster.processes[0].kill()
        return False

    with pytest.raises(UserError, match=r"was lost; finished draws are kept"):
        run(end)
    monkeypatch.setattr(dask_cluster, "_CONNECT_SECONDS", 1)
    with pytest.raises(UserError, match="No Dask scheduler answers at tcp://127"):
        run()


def test_what_the_function_raises_on_a_worker_is_raised_here(cluster: Cluster) -> None:
    cluster.worker()
    with pytest.raises(ZeroDivisionError):
        sweeps.run(
            Counted(fails_at=2), GIVEN, draws=DRAWS, seed=SEED, address=cluster.address, chunk=500
        )


def test_a_worker_with_other_versions_is_refused() -> None:
    packed = dask_cluster._packed(served, GIVEN)
    assert dask_cluster._work(packed, blocks.versions(), SEED, (0, 250))[0] == ("a", "b")
    with pytest.raises(UserError, match="where this process has numpy 1; install the same"):
        dask_cluster._work(packed, "numpy 1", SEED, (0, 250))
