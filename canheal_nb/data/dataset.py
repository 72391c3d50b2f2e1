"""The Dataset: every table that was read, keyed and typed, and nobody can change it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from canheal_nb.data import built, edition, frames, journeys, registry, travel
from canheal_nb.data.contracts import TABLES, Table
from canheal_nb.data.edition import Edition
from canheal_nb.data.faults import Fault, nearest, printable
from canheal_nb.data.sheets import parse
from canheal_nb.text.errors import UserError
from canheal_nb.text.home import data_dir
from canheal_nb.text.locale import _

MAP_FILE = "built/map.json"


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables of one data folder, as of its edition.

    Each table is handed out as a fresh copy: changing it changes nothing here. Text columns
    hold "" where nothing is stated, number columns NaN, `year` (Int64) NA. Units and
    meanings of the columns are in `canheal_nb.data.contracts`.
    """

    path: Path
    edition: Edition
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    registered: Mapping[str, str] = field(repr=False)

    @property
    def sources(self) -> pd.DataFrame:
        """Where facts were read, by source_id."""
        return self._copy("sources")

    @property
    def areas(self) -> pd.DataFrame:
        """The Union, countries and outermost regions, by area_id: name, kind, country."""
        return self._copy("areas")

    @property
    def centres(self) -> pd.DataFrame:
        """Cancer centres, by centre_id; latitude and longitude are floats in degrees."""
        return self._copy("centres")

    @property
    def capabilities(self) -> pd.DataFrame:
        """Facts about centres: value is text, `number` the same as a float (NaN where none)."""
        return self._copy("capabilities")

    @property
    def capability_types(self) -> pd.DataFrame:
        """What each capability is, by capability."""
        return self._copy("capability_types")

    @property
    def capability_lists(self) -> pd.DataFrame:
        """How complete the list behind a capability is, one row per capability and country."""
        return self._copy("capability_lists")

    @property
    def indicators(self) -> pd.DataFrame:
        """Values of areas: value is text; `number`, low and high are floats."""
        return self._copy("indicators")

    @property
    def indicator_types(self) -> pd.DataFrame:
        """What each indicator is, by indicator."""
        return self._copy("indicator_types")

    @property
    def parameters(self) -> pd.DataFrame:
        """Inputs of the models, by parameter; value, low and high are floats."""
        return self._copy("parameters")

    @property
    def left_out(self) -> pd.DataFrame:
        """Facts that were found and are not shown, with the reason."""
        return self._copy("left_out")

    @property
    def settlements(self) -> pd.DataFrame:
        """Settlements, by geonameid; read when first asked for.

        Columns name, area_id, unit (region), latitude, longitude, population, size (city, town,
        rural), h3 (cell of its point), country. Populations of each unit sum to the official one.
        Raises UserError when the file is missing or broken; so do the three below.
        """
        return self._settlements.copy()

    @property
    def settlement_names(self) -> pd.DataFrame:
        """What else settlements are searched for, by geonameid: `searched`, joined by |."""
        return self._settlement_names.copy()

    @property
    def spread(self) -> pd.DataFrame:
        """People of settlements that cover more than one cell: geonameid, h3, population."""
        return self._spread.copy()

    @property
    def hexagons(self) -> pd.DataFrame:
        """Cells of the H3 grid, by h3, where people live or where there is land.

        Columns area_id, latitude, longitude (centre), population, x, y and path (units of the
        map, or of the area's inset), country. Population is 0 where no place is named, which does
        not say that nobody lives there, and NaN where the official count does not reach (Cyprus).
        A cell on a border counts wholly for one area: add up countries from settlements.
        """
        return self._hexagons.copy()

    @cached_property
    def _settlements(self) -> pd.DataFrame:
        return self._in_country(self._built(built.SETTLEMENTS))

    @cached_property
    def _settlement_names(self) -> pd.DataFrame:
        return self._built(built.NAMES)

    @cached_property
    def _spread(self) -> pd.DataFrame:
        return self._built(built.SPREAD)

    @cached_property
    def _hexagons(self) -> pd.DataFrame:
        return self._in_country(self._built(built.HEXAGONS))

    @cached_property
    def lattice(self) -> travel.Lattice:
        """Land, bridges and ferries to drive over, read when asked for; do not change it."""
        return travel.read(self.path, self.table(travel.LINKS))

    @cached_property
    def journeys(self) -> journeys.Journeys | None:
        """Travel times computed before; None where there are none, or the registry differs."""
        file = self.path / journeys.FILE
        data = file.read_bytes() if file.is_file() else b""
        same = registry.digest(data) == self.registered.get(journeys.FILE)
        return journeys.unpacked(data) if same else None

    def _built(self, table: Table) -> pd.DataFrame:
        file = built.file(table)
        data = _bytes(self.path, file)
        if registry.digest(data) != self.registered.get(file):
            _refuse(built.faults(file, data), self.path)
        return built.frame(table, data)

    def _in_country(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(country=rows["area_id"].map(self.areas["country"]))

    @property
    def map(self) -> dict[str, Any]:
        """The built map, read anew each time; raises UserError when it is missing or broken."""
        try:
            found = json.loads(_bytes(self.path, MAP_FILE))
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
        sentence = _("The file {file} in {folder} is no map; make it again with `make data`.")
        raise _refusal(sentence, code="broken-map", file=MAP_FILE, folder=self.path)

    def table(self, name: str) -> pd.DataFrame:
        """Return any table of the folder as texts, for example `table("frameworks/targets")`.

        It is read when first asked for. Raises UserError when there is no such table or the
        general rules refuse it.
        """
        if name not in self._asked:
            self._asked[name] = self._read(name)
        return self._asked[name].copy()

    @cached_property
    def _asked(self) -> dict[str, pd.DataFrame]:
        return {}

    def _read(self, name: str) -> pd.DataFrame:
        file = f"{name}.csv"
        known = [file] if file in self.registered else registry.files(self.path)
        names = [f.removesuffix(".csv") for f in known if f.endswith(".csv")]
        if name not in names:
            meant = nearest(name, names) or ", ".join(names)
            sentence = _("There is no table {name} in {folder}; try {meant}.")
            words = {"name": name, "folder": self.path, "meant": meant}
            raise _refusal(sentence, code="unknown-table", **words)
        data = _bytes(self.path, file)
        if registry.digest(data) != self.registered.get(file):
            from canheal_nb.data.verification import carried_faults

            _refuse(carried_faults(file, data), self.path)
        return frames.texts(parse(file, data)[0])

    def with_indicator(
        self,
        given: Path | str | pd.DataFrame,
        *,
        indicator: str,
        label: str,
        source: str,
        **more: str,
    ) -> Dataset:
        """Return a new dataset that also holds an indicator of your own; this one stays.

        `given` is a CSV file (UTF-8, commas, decimal point) or a frame with the columns
        `area_id` (ISO 3166; Greece is GR) and `value`, and where known `year`, `sex` (T, M, F;
        T when left out), `low`, `high`, `flag`, `note`. Countries without a row stay not known.
        `indicator` is an id of your choice, `label` its name on a map, `source` where the
        figures come from. `more` may state `unit`, `kind` (number, yes_no, category),
        `direction` (neutral, more_is_better, more_is_worse), `rank` (no, with care, yes),
        `definition`, `caveat`, `group`, `edition`, `rights`.

        Raises UserError with one sentence that names the first faulty line, column and value.
        Nothing is written; the file is read once.
        """
        from canheal_nb.data.own import describe, with_indicator

        about = describe(indicator=indicator, label=label, source=source, **more)
        return with_indicator(self, given, about)

    def _copy(self, name: str) -> pd.DataFrame:
        return self.tables[name].copy()


def load(path: Path | None = None) -> Dataset:
    """Read the dataset in a data folder, by default the one that comes with the package.

    Files whose SHA-256 the registry knows are trusted; others are checked by the contracts
    first. Raises UserError when a file is missing or a changed file has a fault.
    """
    folder = data_dir() if path is None else Path(path)
    registered = registry.read(folder)
    files = [edition.FILE, *(table.file for table in TABLES.values())]
    contents = {file: _bytes(folder, file) for file in files}
    if any(registry.digest(data) != registered.get(file) for file, data in contents.items()):
        from canheal_nb.data.verification import loaded_faults

        _refuse(loaded_faults(folder), folder)
    known, faults = edition.parse(contents[edition.FILE])
    if known is None:
        raise _first(faults, folder)
    tables = {table.short: _frame(table, contents[table.file]) for table in TABLES.values()}
    return Dataset(folder, known, tables, registered)


def _frame(table: Table, data: bytes) -> pd.DataFrame:
    return frames.typed(table, parse(table.file, data)[0])


def _bytes(folder: Path, file: str) -> bytes:
    try:
        return (folder / file).read_bytes()
    except OSError:
        sentence = _(
            "The file {file} in {folder} is missing or cannot be read; "
            "put it back, or install canheal_nb again."
        )
        raise _refusal(sentence, code="missing-file", file=file, folder=folder) from None


def _refuse(faults: list[Fault], folder: Path) -> None:
    if faults:
        raise _first(faults, folder)


def _first(faults: list[Fault], folder: Path) -> UserError:
    sentence = _("The data in {folder} have a fault: {first} `{command}` lists all of them.")
    command = f"canheal data verify {folder}"
    first = faults[0].sentence()
    words = {"folder": folder, "first": first, "command": command}
    return _refusal(sentence, code="broken-data", **words)


def _refusal(sentence: str, *, code: str, **words: object) -> UserError:
    shown = {name: printable(str(word)) for name, word in words.items()}
    return UserError(sentence.format(**shown), code=code)
