"""The lattice of land that travel times are modelled over, as build/lattice.py makes it.

`lattice.npz` holds the nodes, edges and points near shores as whole numbers; `lattice_links.csv`
the bridges and ferries.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from canheal_nb.text.errors import UserError
from canheal_nb.text.locale import _

FILE = "built/lattice.npz"
LINKS = "built/lattice_links"
DEGREE = 10_000  # degrees are stored in ten-thousandths


@dataclass(frozen=True)
class Lattice:
    """Land as nodes and edges.

    - nodes: area_id, latitude, longitude; the row number is the node
    - edges: start, end (nodes, start < end), metres; each way is open both ways
    - shores: latitude, longitude, node: which land a place near two shores lies on
    - links: link_id, kind (road, ferry), state, from_node, to_node, metres (road), minutes,
      minutes_fast, minutes_slow (ferry: crossing and wait), from_km, to_km (how far its ends
      were moved)
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    shores: pd.DataFrame
    links: pd.DataFrame


def read(folder: Path, links: pd.DataFrame) -> Lattice:
    """Return the lattice in a data folder; `links` is its table of texts.

    Raises UserError when the file is missing or holds no lattice.
    """
    try:
        return unpacked((folder / FILE).read_bytes(), typed(links))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        text = _("The file {file} in {folder} is no lattice; make it again with `make data`.")
        text = text.format(file=FILE, folder=folder)
        raise UserError(text, code="broken-lattice") from None


def typed(links: pd.DataFrame) -> pd.DataFrame:
    """Return a table of links with numbers as numbers; an empty cell is missing."""
    texts = ["link_id", "kind", "state"]
    numbers = links.drop(columns=texts).apply(pd.to_numeric, errors="coerce")
    nodes = dict.fromkeys(("from_node", "to_node"), "Int64")
    return links[texts].join(numbers.astype(nodes))


def packed(nodes: pd.DataFrame, edges: pd.DataFrame, shores: pd.DataFrame) -> bytes:
    """Return the bytes of lattice.npz; the same frames give the same bytes."""
    areas = sorted(set(nodes["area_id"]))
    order = edges.sort_values(["start", "end"])
    start, end = order["start"].to_numpy(), order["end"].to_numpy()
    file = io.BytesIO()
    np.savez_compressed(
        file,
        allow_pickle=False,
        areas=np.array(areas),
        area=nodes["area_id"].map({area: i for i, area in enumerate(areas)}).to_numpy(np.uint8),
        degree=np.bincount(start, minlength=len(nodes)).astype(np.uint8),
        ahead=(end - start).astype(np.int32),
        metres=order["metres"].round().to_numpy(np.uint16),
        shore=_steps(shores["node"].to_numpy()),
        **_points("", nodes),
        **_points("shore_", shores),
    )
    return file.getvalue()


def unpacked(data: bytes, links: pd.DataFrame) -> Lattice:
    """Return the lattice in the bytes of lattice.npz; ValueError when they hold none."""
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        held = {name: found[name] for name in found.files}
    nodes = pd.DataFrame({"area_id": pd.Categorical.from_codes(held["area"], held["areas"])})
    start = np.repeat(np.arange(len(nodes), dtype=np.int32), held["degree"])
    edges = pd.DataFrame({"start": start, "end": start + held["ahead"], "metres": held["metres"]})
    shores = pd.DataFrame({"node": np.cumsum(held["shore"], dtype=np.int32)})
    for frame, prefix in ((nodes, ""), (shores, "shore_")):
        for name in ("latitude", "longitude"):
            frame[name] = np.cumsum(held[prefix + name], dtype=np.int64) / DEGREE
    return Lattice(nodes, edges, shores, links)


def _points(prefix: str, frame: pd.DataFrame) -> dict[str, NDArray[np.int32]]:
    return {
        prefix + name: _steps((frame[name].to_numpy() * DEGREE).round().astype(np.int64))
        for name in ("latitude", "longitude")
    }


def _steps(numbers: NDArray[np.integer]) -> NDArray[np.int32]:
    """Return the differences from each number to the next; their running sum gives them back."""
    return np.diff(numbers, prepend=0).astype(np.int32)
