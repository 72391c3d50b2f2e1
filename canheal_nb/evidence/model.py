"""What is known, for how many, how old, and from whom: counts over the tables, no judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

AGES = ("to come", "0-1", "2-4", "5-9", "10+", "not stated")
_UPPER = (-1, 1, 4, 9)
KEY = {
    "capabilities": ["centre_id", "capability"],
    "indicators": ["area_id", "indicator", "edition", "year", "sex"],
}


def sizes(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return `rows`, `cells` and `empty` (cells in which nothing is stated) by table.

    `number` is the same as `value`, read as a float, and is not counted twice.
    """
    counted = {name: _plain(table) for name, table in tables.items()}
    found = {
        name: (len(table), table.size, int((table.isna() | (table == "")).sum().sum()))
        for name, table in counted.items()
    }
    return pd.DataFrame.from_dict(found, orient="index", columns=["rows", "cells", "empty"])


def empty_by_column(table: pd.DataFrame) -> pd.Series:
    """Return the share (0 to 1) of cells without a statement, by column; NaN without rows."""
    plain = _plain(table)
    return (plain.isna() | (plain == "")).mean()


def age(years: pd.Series, as_of: int) -> pd.Series:
    """Return for each year in which of `AGES` it falls, as of a year: "0-1" is this or the last.

    "to come" is a year that lies ahead (a projection); "not stated" has no year.
    """
    gaps = (as_of - years).astype("Float64")
    named = pd.Series(AGES[-2], index=years.index, dtype="str")
    for upper, name in reversed(list(zip(_UPPER, AGES, strict=False))):
        named = named.mask((gaps <= upper).fillna(False), name)
    return named.mask(gaps.isna(), AGES[-1])


def ages(years: pd.Series, as_of: int) -> pd.Series:
    """Return how many facts fall in each of `AGES`."""
    return age(years, as_of).value_counts().reindex(AGES, fill_value=0)


def old(years: pd.Series, as_of: int, limit: int = 5) -> int:
    """Return how many facts are `limit` years old or older; an unstated year is not counted."""
    return int((as_of - years.dropna() >= limit).sum())


def known_indicators(
    indicators: pd.DataFrame, types: pd.DataFrame, members: Iterable[str]
) -> pd.DataFrame:
    """Return what is known of each indicator, in the order of `types`.

    Columns: `known` (member states with a figure), `facts` (rows), `first, last` (years; NA
    where none is stated), `undated` (rows), `editions`, `sources` (tuples of ids).
    """
    rows = indicators[indicators["area_id"].isin(list(members))]
    rows = rows[rows["value"] != ""]
    return _described(rows, "indicator", "area_id").reindex(types.index).pipe(_filled)


def known_capabilities(
    capabilities: pd.DataFrame, types: pd.DataFrame, centres: Iterable[str]
) -> pd.DataFrame:
    """Return what is known of each capability, in the order of `types`.

    Columns as in `known_indicators`, where `known` counts centres with a fact, be it yes, no,
    a number or a name; `yes` and `no` count centres for which some fact says so.
    """
    rows = capabilities[capabilities["centre_id"].isin(list(centres))]
    found = _described(rows, "capability", "centre_id").reindex(types.index).pipe(_filled)
    for word in ("yes", "no"):
        said = rows[rows["value"] == word].groupby("capability")["centre_id"].nunique()
        found[word] = said.reindex(types.index, fill_value=0)
    return found


def grid(indicators: pd.DataFrame, types: pd.DataFrame, members: Iterable[str]) -> pd.DataFrame:
    """Return how many indicators of each group are known for each member state.

    Index: group, in order of its first type; columns: the members, then `of`, the number of
    indicators in the group.
    """
    states = list(members)
    rows = indicators[indicators["area_id"].isin(states) & (indicators["value"] != "")]
    rows = rows.assign(group=rows["indicator"].map(types["group"]))
    counts = rows.groupby(["group", "area_id"])["indicator"].nunique().unstack(fill_value=0)
    return _shaped(counts, types, states)


def centre_grid(
    capabilities: pd.DataFrame,
    types: pd.DataFrame,
    centres: pd.DataFrame,
    members: Iterable[str],
) -> pd.DataFrame:
    """Return for how many centres of each member state some fact of a group is known.

    Index and columns as in `grid`; `of` is the number of capabilities in the group.
    """
    states = list(members)
    rows = capabilities.assign(
        group=capabilities["capability"].map(types["group"]),
        country=capabilities["centre_id"].map(centres["country"]),
    )
    counts = rows.groupby(["group", "country"])["centre_id"].nunique().unstack(fill_value=0)
    return _shaped(counts, types, states)


def disagreements(facts: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return the facts about one thing (same `key`) that do not say the same, side by side."""
    differ = facts.groupby(key, dropna=False)["value"].transform("nunique") > 1
    return facts[differ].sort_values([*key, "year", "source_id"])


def facts_by_source(tables: Iterable[pd.DataFrame], sources: pd.DataFrame) -> pd.Series:
    """Return how many rows name each source, most first; a joint source counts for each part."""
    named = [table["source_id"] for table in tables if "source_id" in table]
    parts = pd.concat([*named, pd.Series(dtype="str")]).str.split("+").explode()
    counts = parts[parts != ""].value_counts().reindex(sources.index, fill_value=0)
    return counts.sort_values(ascending=False, kind="stable").rename("facts")


def left_out(table: pd.DataFrame, find: str = "") -> pd.DataFrame:
    """Return why facts are not shown: `table, reason, facts, what`, most facts first.

    `what`: the ids concerned, sorted. `find` keeps the rows that hold this text anywhere.
    """
    rows = containing(table, find)
    rows = rows.assign(what=[_subject(name, key) for name, key in rows[["table", "key"]].values])
    found = rows.groupby(["table", "reason"], sort=True).agg(
        facts=("key", "size"), what=("what", lambda ids: tuple(sorted(set(ids))))
    )
    return found.reset_index().sort_values("facts", ascending=False, kind="stable")


def containing(table: pd.DataFrame, find: str) -> pd.DataFrame:
    """Return the rows in which some cell holds the text `find`, in any case of letters."""
    if not find.strip():
        return table
    wanted = find.strip().casefold()
    hits = [any(wanted in str(cell).casefold() for cell in row) for row in table.to_numpy()]
    return table[pd.Series(hits, index=table.index, dtype=bool)]


def _subject(table: str, key: str) -> str:
    """Return the indicator, capability or parameter in a key such as `AT|waiting||2022|T|S1`."""
    parts = key.split("|")
    return parts[1] if table in ("indicators", "capabilities") and len(parts) > 1 else parts[0]


def _described(rows: pd.DataFrame, name: str, who: str) -> pd.DataFrame:
    grouped = rows.groupby(name)
    return pd.DataFrame(
        {
            "known": grouped[who].nunique(),
            "facts": grouped.size(),
            "first": grouped["year"].min(),
            "last": grouped["year"].max(),
            "undated": grouped["year"].agg(lambda years: int(years.isna().sum())),
            "editions": grouped["edition"].agg(_named) if "edition" in rows else None,
            "sources": grouped["source_id"].agg(_named),
        }
    )


def _named(ids: pd.Series) -> tuple[str, ...]:
    return tuple(sorted({part for joined in ids for part in joined.split("+") if part}))


def _filled(found: pd.DataFrame) -> pd.DataFrame:
    """A type without a single row is known for nobody."""
    for name in ("known", "facts", "undated"):
        found[name] = found[name].fillna(0).astype(int)
    for name in ("editions", "sources"):
        found[name] = [ids if isinstance(ids, tuple) else () for ids in found[name]]
    return found


def _shaped(counts: pd.DataFrame, types: pd.DataFrame, states: list[str]) -> pd.DataFrame:
    groups = list(dict.fromkeys(types["group"]))
    shaped = counts.reindex(index=groups, columns=states, fill_value=0).fillna(0).astype(int)
    return shaped.assign(of=types["group"].value_counts().reindex(groups))


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    named = table.index.names != [None]
    whole = table.reset_index() if named else table
    return whole.drop(columns="number", errors="ignore") if "value" in whole else whole
