"""The blocks of a sweep on a Dask cluster that is already running, given by its address.

Workers only compute; this process writes. A worker that dies loses no finished draw: the scheduler
gives its chunk to another. A cluster runs whatever it is sent, so connect only to your own.
"""

from __future__ import annotations

import functools
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _
from canheal_nb.uncertainty.sampling import Range
from canheal_nb.uncertainty.sweeps.blocks import Function, Made, Span, compute, versions

AT_ONCE = 256
_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 5.0
_LOOK_SECONDS = 0.2
_ALONE_SECONDS = 60.0


def computed(
    address: str,
    function: Function,
    given: Sequence[Range],
    seed: int,
    wanted: Sequence[Span],
    stop: Callable[[], bool],
) -> Iterator[tuple[Span, Made]]:
    """Yield each span as it is finished, in any order; end early when `stop()` says so.

    Raises UserError when nobody answers at the address, when the cluster has no workers, other
    versions, or is lost, and whatever the function raises.
    """
    from distributed import KilledWorker

    client = _connected(address)
    try:
        yield from _finished(client, _packed(function, given), seed, wanted, stop)
    except KilledWorker:
        text = _("The workers at {address} died again and again over the same draws; {kept}")
        raise UserError(text.format(address=address, kept=_kept()), code="cluster-lost") from None
    except _LostError:
        text = _("The cluster at {address} was lost; {kept}")
        raise UserError(text.format(address=address, kept=_kept()), code="cluster-lost") from None
    finally:
        client.close(timeout=_CONNECT_SECONDS)


class _LostError(Exception):
    """The scheduler is gone, or has forgotten what it was asked."""


def _finished(
    client: Any, packed: bytes, seed: int, wanted: Sequence[Span], stop: Callable[[], bool]
) -> Iterator[tuple[Span, Made]]:
    from distributed import wait

    function = client.submit(bytes, packed, pure=False)
    ahead = list(reversed(wanted))
    pending: dict[Any, Span] = {}
    seen = time.monotonic()
    try:
        while (ahead or pending) and not stop():
            while ahead and len(pending) < AT_ONCE:
                span = ahead.pop()
                future = client.submit(_work, function, versions(), seed, span, pure=False)
                pending[future] = span
            try:
                with client.as_current():
                    done = wait(list(pending), _LOOK_SECONDS, "FIRST_COMPLETED").done
            except TimeoutError:
                seen = _attended(client, seen)
                continue
            except CancelledError:
                raise _LostError from None
            seen = time.monotonic()
            for future in done:
                yield pending.pop(future), _result(future)
    finally:
        if pending and client.status == "running":
            client.cancel(list(pending))


def _result(future: Any) -> Made:
    """Return what a chunk made; raise what its function raised."""
    if future.status == "error":
        return future.result()  # type: ignore[no-any-return]
    try:
        return future.result()  # type: ignore[no-any-return]
    except (OSError, CancelledError):
        raise _LostError from None


def _work(packed: bytes, expected: str, seed: int, span: Span) -> Made:
    """Compute one span, on a worker."""
    if versions() != expected:
        text = _("A worker has {theirs} where this process has {ours}; install the same there.")
        raise UserError(text.format(theirs=versions(), ours=expected), code="other-versions")
    function, given = _unpacked(packed)
    return compute(function, given, seed, span)


def _packed(function: Function, given: Sequence[Range]) -> bytes:
    from distributed.protocol.pickle import dumps

    return bytes(dumps((function, tuple(given))))


@functools.lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> tuple[Function, tuple[Range, ...]]:
    from distributed.protocol.pickle import loads

    function, given = loads(packed)
    return function, given


def require_answer(address: str) -> None:
    """Raise UserError where nothing answers at an address, or it is none.

    Whoever listens for Dask says so first. Dask itself would wait longer, and tell it in the log.
    """
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    try:
        scheme, place = parse_address(address)
        get_backend(scheme)
        if scheme == "tcp":
            found = parse_host_port(place)
            with socket.create_connection(found, timeout=_ANSWER_SECONDS) as connection:
                if not connection.recv(1):
                    raise ConnectionResetError
    except (OSError, ValueError, OverflowError) as problem:
        raise _nobody(address, problem) from None


def _nobody(address: str, problem: Exception) -> UserError:
    text = _(
        "No Dask scheduler answers at {address} ({problem}); start one with `dask scheduler` "
        "and give its address, as tcp://127.0.0.1:8786, or leave it out to compute here."
    )
    said = text.format(address=ascii(address)[1:-1][:80], problem=type(problem).__name__)
    return UserError(said, code="no-cluster")


def _connected(address: str) -> Any:
    """Return a client of the cluster once it has a worker."""
    from distributed import Client

    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise _nobody(address, problem) from None
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
    except TimeoutError:
        client.close()
        text = _("The cluster at {address} has no workers; start one: `dask worker {address}`.")
        raise UserError(text.format(address=address), code="no-workers") from None
    return client


def _attended(client: Any, seen: float) -> float:
    """Return when a worker was last seen; refuse to wait for workers that do not come back."""
    try:
        workers = client.status == "running" and client.nthreads()
    except (AttributeError, OSError, TypeError):
        raise _LostError from None
    if client.status != "running":
        raise _LostError
    if workers:
        return time.monotonic()
    if time.monotonic() - seen > _ALONE_SECONDS:
        text = _("All workers are gone for {seconds} seconds; {kept}")
        raise UserError(text.format(seconds=_ALONE_SECONDS, kept=_kept()), code="cluster-lost")
    return seen


def _kept() -> str:
    return _("finished draws are kept in the folder of the sweep: run it again to go on.")
