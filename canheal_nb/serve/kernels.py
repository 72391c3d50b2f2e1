"""Kernels: which program they are, when they are dropped, and why none is handed out empty."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

IDLE_SECONDS = 600
KERNEL = "python3"
# One thread per library and one heap: sums are small, and each thread reserves memory.
ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# How it is started where the system forks well; see `canheal_nb.serve.provisioner`.
FORKS = sys.platform == "linux"
FORKED = {"kernel_provisioner": {"provisioner_name": "canheal"}}


class OwnKernels(KernelSpecManager):
    """Offers one kernel: the Python that serves, whatever else is installed on the machine."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the only name and, for its files, no folder."""
        return {KERNEL: ""}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return how to start the kernel; NoSuchKernel for any other name."""
        if kernel_name != KERNEL:
            raise NoSuchKernel(kernel_name)
        command = [sys.executable, "-m", "canheal_nb.serve.launch", "-f", "{connection_file}"]
        return KernelSpec(
            argv=[*command, "--log-level=CRITICAL", "--HistoryManager.enabled=False"],
            display_name="Python 3",
            language="python",
            env=ENVIRONMENT,
            metadata=FORKED if FORKS else {},
        )


class MindfulKernelManager(AsyncMappingKernelManager):
    """Notices dead kernels, and takes them out of Voilà's pool of warm ones.

    Voilà restarts a warm kernel that died and hands it out empty: the visitor waits for
    ever. Here a dead kernel stays dead (`KernelRestarter.restart_limit = 0`); its place in
    the pool is filled with a new one, at once when it is noticed, and again in
    `drop_dead`, which the page's handler calls before it takes a kernel from the pool.
    """

    async def drop_dead(self, notebook: str) -> None:
        """Make the first kernel in a notebook's pool a living one, if it has a pool."""
        pool: list[asyncio.Task[dict[str, Any]]] | None = self._warm().get(notebook)
        if pool is None:
            return
        while pool:
            first = pool[0]
            alive = await self._is_usable(first)
            if pool and pool[0] is first:
                if alive:
                    return
                pool.pop(0)
        self.fill_if_needed(delay=0, notebook_name=notebook)

    def fill_if_needed(self, delay: float | None = None, notebook_name: str = "") -> None:
        """Start kernels until a pool is full; Voilà's pool does, without a pool there is none."""

    async def _is_usable(self, task: asyncio.Task[dict[str, Any]]) -> bool:
        try:
            kernel_id = (await asyncio.shield(task))["kernel_id"]
            return kernel_id in self and bool(await self.is_alive(kernel_id))
        except Exception:
            self.log.exception("A warm kernel could not be started")
            return False

    async def give_up_starting(self) -> None:
        """Start no kernel any more, and let end those that end; called in the loop of both."""
        starting = [task for name, task in self._pending_kernels.items() if name not in self]
        starting += [task for pool in self._warm().values() for task in pool if not task.done()]
        ending = [task for name, task in self._pending_kernels.items() if name in self]
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, *ending, return_exceptions=True)
        for pool in self._warm().values():
            pool[:] = [task for task in pool if not task.cancelled()]
        self._pending_kernels.clear()

    def count_warm(self) -> int:
        """Return how many kernels wait for a visitor, started or about to be rendered."""
        tasks = [task for pool in self._warm().values() for task in pool]
        return sum(task.done() and not task.cancelled() and not task.exception() for task in tasks)

    def _handle_kernel_died(self, kernel_id: str) -> None:
        super()._handle_kernel_died(kernel_id)  # type: ignore[no-untyped-call]
        for notebook, known in getattr(self, "notebook_data", {}).items():
            if kernel_id in known["kernel_ids"]:
                known["kernel_ids"].discard(kernel_id)
                self._replace(notebook, kernel_id)

    def _replace(self, notebook: str, kernel_id: str) -> None:
        """Take a dead kernel out of a notebook's pool, if it is there, and start another."""
        pool = self._warm().get(notebook, [])
        for task in list(pool):
            if not task.done() or task.cancelled() or task.exception():
                continue
            if task.result()["kernel_id"] == kernel_id:
                pool.remove(task)
                self.fill_if_needed(delay=0, notebook_name=notebook)

    def _warm(self) -> dict[str, Any]:
        """Return Voilà's pools by notebook; empty when nothing is kept warm."""
        pools: dict[str, Any] = getattr(self, "_pools", {})
        return pools
