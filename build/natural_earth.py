"""Natural Earth's countries, 1:10 million, from a pinned npm package.

Public domain, as TopoJSON in the package world-atlas. It is fetched with `npm pack` and refused
when its checksum is not the one below. The 1:10 million file is used throughout: the 1:50 million
file lacks Ceuta, Melilla and the islands off Madeira, and two resolutions do not meet at a border.
"""

import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

PACKAGE, VERSION, MEMBER = "world-atlas", "2.0.2", "package/countries-10m.json"
INTEGRITY = (
    "sha512-IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8Ikc"
    "PBoXnyTU5lFHcYa5ChG0LQ=="
)
PROVENANCE = {
    "source": "Natural Earth, Admin 0 countries, 1:10 million",
    "package": PACKAGE,
    "version": VERSION,
    "integrity": INTEGRITY,
    "licence": "Natural Earth: public domain. The package's own files: ISC.",
}


def fetch() -> dict[str, Any]:
    """Return the TopoJSON of the pinned package; ValueError when the checksum differs."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        archive = Path(folder) / f"{PACKAGE}-{VERSION}.tgz"
        digest = hashlib.sha512(archive.read_bytes()).digest()
        if f"sha512-{base64.b64encode(digest).decode()}" != INTEGRITY:
            message = f"{archive.name} is not the file this script was written for."
            raise ValueError(message)
        with tarfile.open(archive) as tar:
            member = tar.extractfile(MEMBER)
            assert member is not None
            topology: dict[str, Any] = json.load(member)
            return topology


def decode(topology: dict[str, Any]) -> dict[str, BaseGeometry]:
    """Return the polygons of a TopoJSON file by their name, in degrees."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in topology["arcs"]]

    def ring(ids: list[int]) -> np.ndarray:
        parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in ids]
        points = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
        if np.ptp(points[:, 0]) > 180:  # across the antimeridian
            points[:, 0] = np.where(points[:, 0] < 0, points[:, 0] + 360, points[:, 0])
        return points

    named: dict[str, BaseGeometry] = {}
    for item in topology["objects"]["countries"]["geometries"]:
        shapes = item["arcs"] if item["type"] == "MultiPolygon" else [item["arcs"]]
        rings = [[ring(ids) for ids in shape] for shape in shapes]
        whole = [shapely.Polygon(shell, holes) for shell, *holes in rings if len(shell) > 3]
        named[item["properties"]["name"]] = polygons(shapely.MultiPolygon(whole))
    return named


def polygons(shape: BaseGeometry) -> shapely.MultiPolygon:
    """Return the valid polygons of a shape, without points and lines."""
    parts = shapely.get_parts(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    flat = shapely.get_parts(parts)
    return shapely.MultiPolygon([part for part in flat if part.geom_type == "Polygon"])
