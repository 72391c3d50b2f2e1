"""Decision support for cancer care in the EU: sourced facts, pure functions, one picture.

Importing this package reads no file and loads no heavy library. The names in `__all__` are the
public ones; each is fetched from its slice when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canheal_nb.api import catalogue, country_brief, map_figure, measure
    from canheal_nb.charts.maps.map_figure import MapFigure
    from canheal_nb.data import Dataset, load
    from canheal_nb.indicators.measures import Measure
    from canheal_nb.reporting.printed import read_table
    from canheal_nb.text.errors import UserError

__version__ = "0.1.0"
__all__ = [
    "Dataset",
    "MapFigure",
    "Measure",
    "UserError",
    "__version__",
    "catalogue",
    "country_brief",
    "load",
    "map_figure",
    "measure",
    "read_table",
]
_HOMES = {
    "Dataset": "data",
    "MapFigure": "charts.maps.map_figure",
    "Measure": "indicators.measures",
    "UserError": "text.errors",
    "catalogue": "api",
    "country_brief": "api",
    "load": "data",
    "map_figure": "api",
    "measure": "api",
    "read_table": "reporting.printed",
}


def __getattr__(name: str) -> object:
    """Fetch a public name from its home the first time somebody asks for it."""
    if name not in _HOMES:
        sentence = f"module 'canheal_nb' has no attribute {name!r}"
        raise AttributeError(sentence)
    return getattr(import_module(f"canheal_nb.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names, for those who press the tab key."""
    return sorted(__all__)
