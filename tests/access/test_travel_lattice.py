"""The embedded lattice: known ways and how they come about, its error, its files, its speed."""

from __future__ import annotations

import hashlib
import importlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse.csgraph import connected_components

from canheal_nb.access.travel import driving, driving_check, route, speeds
from canheal_nb.access.travel.driving import Network, Pace
from canheal_nb.data import Dataset, load, registry, travel, travel_tables, verify
from canheal_nb.text.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
POINTS = {
    "Bari": (41.1177, 16.8512),
    "Barcelona": (41.3888, 2.1590),
    "Bratislava": (48.1482, 17.1067),
    "Copenhagen": (55.6759, 12.5655),
    "Dubrovnik": (42.6481, 18.0922),
    "Helsinki": (60.1695, 24.9354),
    "Malmö": (55.6059, 13.0007),
    "Messina": (38.1939, 15.5526),
    "Narva": (59.3772, 28.1903),
    "Palma": (39.5694, 2.6502),
    "Pointe-à-Pitre": (16.2422, -61.5343),
    "Basse-Terre": (15.9985, -61.7255),
    "Reggio": (38.1105, 15.6613),
    "Riga": (56.946, 24.1059),
    "Saint-Denis": (-20.8823, 55.4504),
    "Suwałki": (54.1118, 22.9308),
    "Tallinn": (59.437, 24.7535),
    "Valletta": (35.8997, 14.5147),
    "Victoria (Gozo)": (36.0444, 14.2397),
    "Vienna": (48.2085, 16.3721),
    "Vilnius": (54.6892, 25.2798),
}


@cache
def dataset() -> Dataset:
    return load(DATA)


@cache
def roads(pace: Pace = "middle") -> Network:
    return driving.network(dataset().lattice, speeds.drive(dataset(), pace))


def place(name: str) -> pd.Series:
    return pd.Series(dict(zip(("latitude", "longitude"), POINTS[name], strict=True)))


def way(origin: str, destination: str, pace: Pace = "middle") -> route.Way | None:
    return route.way(dataset().lattice, roads(pace), place(origin), place(destination))


@pytest.mark.parametrize(
    ("origin", "destination", "least", "most", "links"),
    [
        ("Helsinki", "Tallinn", 195, 215, ("helsinki-tallinn",)),  # 120 crossing, half of 120-180
        ("Copenhagen", "Malmö", 30, 55, ("langebro", "oresund-bridge-and-tunnel")),
        ("Messina", "Reggio", 26, 75, ("villa-san-giovanni-messina",)),
        ("Vienna", "Bratislava", 45, 75, ()),
        ("Victoria (Gozo)", "Valletta", 60, 110, ("cirkewwa-mgarr",)),
        ("Pointe-à-Pitre", "Basse-Terre", 30, 90, ("gabarre",)),
    ],
)
def test_a_known_way_comes_about_over_its_bridges_and_ferries(
    origin: str, destination: str, least: float, most: float, links: tuple[str, ...]
) -> None:
    found = way(origin, destination)
    assert found is not None
    assert found.links == links
    assert least <= found.minutes <= most
    slow, fast = way(origin, destination, "slow"), way(origin, destination, "fast")
    assert slow is not None
    assert fast is not None
    assert fast.minutes < found.minutes < slow.minutes


def test_the_adriatic_is_driven_around() -> None:
    found = way("Bari", "Dubrovnik")
    assert found is not None
    assert found.minutes > 600
    assert found.links == ()
    assert found.points["latitude"].max() > 45.4  # by the head of the gulf
    east = found.points["longitude"] > 15.0
    assert not (east & found.points["latitude"].between(42.2, 42.6)).any()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Palma", "Barcelona"), ("Saint-Denis", "Pointe-à-Pitre"), ("Valletta", "Reggio")],
)
def test_an_island_without_a_ferry_is_a_world_of_its_own(one: str, other: str) -> None:
    assert way(one, other) is None


def test_nobody_drives_through_kaliningrad_or_belarus_unless_asked() -> None:
    land = dataset().lattice
    beyond = driving.network(land, speeds.drive(dataset(), beyond=True))
    areas = land.nodes["area_id"].astype(str).to_numpy()
    outside = np.isin(areas, ["RU", "BY", "UA", "RS", "TR"])
    assert np.diff(roads().local.indptr)[outside].max() == 0
    assert np.diff(beyond.local.indptr)[outside].max() > 0
    here, there = (pd.DataFrame([place(name)]) for name in ("Vilnius", "Suwałki"))
    assert len(driving.minutes(roads(), here, there))


def test_no_edge_is_longer_than_a_knights_move_and_all_are_as_long_as_their_line() -> None:
    land = dataset().lattice
    points = driving.on_ball(land.nodes)
    start, end = land.edges["start"].to_numpy(), land.edges["end"].to_numpy()
    km = land.edges["metres"].to_numpy() / 1000
    straight = np.linalg.norm(points[start] - points[end], axis=1)
    assert (start < end).all()
    assert km.max() < 16
    assert (km > 0.97 * straight - 0.05).all()  # the projection bends lengths by up to 3 %


def test_the_graph_is_symmetric_and_no_node_between_is_a_short_cut() -> None:
    graph = roads().long
    assert abs(graph - graph.T).max() < 1e-9
    some = np.random.default_rng(1).choice(roads().at, 12, replace=False)
    points = dataset().lattice.nodes.iloc[some][["latitude", "longitude"]].set_axis(range(12))
    found = driving.minutes(roads(), points, points, limit=400)
    times = found.pivot(index="origin_id", columns="destination_id", values="minutes")
    times = times.reindex(index=range(12), columns=range(12)).fillna(np.inf).to_numpy()
    assert np.allclose(times, times.T)
    assert np.allclose(np.diag(times), 0, atol=0.1)
    short = (times[:, :, None] + times[None, :, :]).min(axis=1)
    assert (times <= short + 1e-6)[np.isfinite(short)].all()


def test_every_settlement_has_a_node_and_most_people_are_in_one_piece() -> None:
    places = dataset().settlements
    tied = driving.doors(roads(), places)
    assert (tied.home >= 0).all()
    _count, piece = connected_components(roads().local, directed=False)
    people = places["population"].groupby(piece[tied.home]).sum().sort_values(ascending=False)
    assert people.iloc[0] / people.sum() > 0.95
    own = dataset().lattice.nodes["area_id"].astype(str).to_numpy()[tied.home]
    assert (own == places["area_id"]).mean() > 0.99


def test_islands_that_bridges_or_ferries_reach_are_not_alone() -> None:
    _count, piece = connected_components(roads().local, directed=False)
    towns = dataset().settlements.reset_index().drop_duplicates(["name", "area_id"])
    towns = towns.set_index(["name", "area_id"])
    joined = [
        ("Odense", "DK"), ("Nakskov", "DK"), ("Sønderborg", "DK"), ("Bergen auf Rügen", "DE"),
        ("Kuressaare", "EE"), ("Chalkída", "GR"), ("Lefkáda", "GR"), ("Krk", "HR"), ("Vir", "HR"),
        ("Palermo", "IT"), ("Zierikzee", "NL"), ("Borgholm", "SE"), ("Stavsnäs", "SE"),
        ("Noirmoutier-en-l'Île", "FR"), ("Väståboland", "FI"),
    ]  # fmt: skip
    alone = [
        ("Palma", "ES"), ("Visby", "SE"), ("Rønne", "DK"), ("Ajaccio", "FR"), ("Cagliari", "IT"),
    ]  # fmt: skip
    pieces = pd.Series(piece[driving.doors(roads(), towns).home], index=towns.index)
    assert set(pieces[joined]) == {pieces["Berlin", "DE"]}
    assert pieces[alone].nunique() == len(alone)
    assert pieces["Berlin", "DE"] not in set(pieces[alone])
    assert pieces["Sant'Antioco", "IT"] == pieces["Cagliari", "IT"]


def test_every_link_is_used_or_says_why_not() -> None:
    links = dataset().lattice.links.set_index("link_id")
    chosen = dataset().table("judgements/travel_links").set_index("link_id")
    assert set(links.index) == set(chosen.index)
    assert (links["state"].eq("not used") == chosen["use"].eq("no").reindex(links.index)).all()
    used = links[links["state"] == "used"]
    assert used[["from_km", "to_km"]].to_numpy().max() < 5
    boats = used[used["kind"] == "ferry"]
    assert len(boats) == 5
    assert (boats["minutes_fast"] < boats["minutes"]).all()
    assert (boats["minutes"] < boats["minutes_slow"]).all()
    stated = pd.to_numeric(dataset().table("facts/travel/ferries")["crossing_minutes"])
    crossing = stated.groupby(dataset().table("facts/travel/ferries")["link_id"]).mean()
    assert (boats["minutes_fast"] == crossing.reindex(boats.index)).all()


def test_the_speeds_are_those_of_the_judgements() -> None:
    table = dataset().table("facts/travel/speeds")
    table = table.assign(v=table["km_per_hour"].astype(float)).set_index(["area", "road"])["v"]
    found = speeds.speeds(dataset())
    germany = [table["DE", road] for road in ("primary", "secondary", "tertiary")]
    assert found.at["DE", "local"] == pytest.approx(3 / sum(1 / one for one in germany), rel=1e-3)
    both = [table["DE", road] for road in ("motorway", "trunk")]
    assert found.at["DE", "long"] == pytest.approx(2 / sum(1 / one for one in both), rel=1e-3)
    assert found.at["EE", "long"] == table["EE", "trunk"]  # its motorway figure is doubtful
    slow, fast = (speeds.speeds(dataset(), pace) for pace in ("slow", "fast"))
    assert ((slow <= found) & (found <= fast)).all(axis=None)
    members = dataset().areas.query("kind in ('member_state', 'outermost_region')").index
    assert set(members) <= set(speeds.drive(dataset()).speeds.dropna().index)


def test_the_error_is_that_of_the_pairs_that_did_not_calibrate() -> None:
    known = dataset().table("built/travel_known")
    numbers = ["minutes", "fast", "middle", "slow"]
    known[numbers] = known[numbers].astype(float)
    error = driving_check.error(known)
    assert error.calibrated
    assert error.pairs == 13
    assert error.median == pytest.approx(18, abs=1)
    assert error.ninth_decile == pytest.approx(35, abs=2)
    assert error.bias == pytest.approx(-9, abs=1)
    assert error.inside == 8
    assert ((known["fast"] <= known["middle"]) & (known["middle"] <= known["slow"])).all()


def test_the_split_takes_turns_by_length_and_no_pair_is_in_both_halves() -> None:
    pairs = driving_check.known(dataset())
    timed = pairs[pairs["half"] != "bound"].sort_values(["minutes", "origin", "destination"])
    assert list(timed["half"]) == [("calibrate", "measure")[i % 2] for i in range(len(timed))]
    left_out = dataset().table("facts/travel/left_out")
    assert left_out["reason"].all()
    shown = pairs["origin"] + "|" + pairs["destination"]
    assert not set(left_out["key"]) & set(shown)


def test_a_modelled_time_of_today_is_the_stored_one() -> None:
    known = dataset().table("built/travel_known").set_index(["origin", "destination"])
    pairs = driving_check.known(dataset()).set_index(["origin", "destination"])
    row = pairs.loc[("Vienna", "Bratislava")]
    ends = [
        pd.DataFrame([{"latitude": row[f"{e}_latitude"], "longitude": row[f"{e}_longitude"]}])
        for e in ("origin", "destination")
    ]
    for pace in driving.PACES:
        found = driving.minutes(roads(pace), *ends)["minutes"].iloc[0]
        assert found == pytest.approx(float(known.loc[("Vienna", "Bratislava"), pace]), abs=0.06)


@pytest.mark.long
def test_fitting_again_gives_the_same_constants_and_times() -> None:
    sys.path.insert(0, str(ROOT / "build"))
    script = importlib.import_module("travel_fit")
    before = {
        name: (DATA / name).read_bytes()
        for name in ("judgements/travel_fit.csv", "built/travel_known.csv")
    }
    script.main()
    assert {name: (DATA / name).read_bytes() for name in before} == before


def test_files_are_small_registered_and_the_same_again() -> None:
    known = registry.read(DATA)
    for name in ("built/lattice.npz", "built/lattice_links.csv", "built/travel_known.csv"):
        content = (DATA / name).read_bytes()
        assert len(content) < 4_000_000
        assert hashlib.sha256(content).hexdigest() == known[name]
    land = dataset().lattice
    again = travel.packed(
        land.nodes.assign(area_id=land.nodes["area_id"].astype(str)), land.edges, land.shores
    )
    assert again == (DATA / travel.FILE).read_bytes()


def test_a_broken_or_missing_lattice_is_one_sentence(tmp_path: Path) -> None:
    links = dataset().table(travel.LINKS)
    (tmp_path / "built").mkdir()
    for content in (None, b"no archive"):
        if content:
            (tmp_path / travel.FILE).write_bytes(content)
        with pytest.raises(UserError, match="make data") as caught:
            travel.read(tmp_path, links)
        assert caught.value.code == "broken-lattice"


@pytest.mark.parametrize("name", sorted(travel_tables.TABLES))
def test_every_table_has_its_contract(name: str) -> None:
    contract = travel_tables.TABLES[name]
    table = dataset().table(name)
    assert set(table.columns) == set(contract.names)
    assert not table.duplicated(list(contract.key)).any()
    assert list(map(tuple, table[list(contract.key)].to_numpy())) == sorted(
        map(tuple, table[list(contract.key)].to_numpy())
    )
    if name.startswith("judgements/"):
        assert table[["chosen_by", "chosen_on", "why"]].ne("").all(axis=None)


def test_a_fault_in_a_table_of_travel_is_found(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    file = tmp_path / "data/facts/travel/speeds.csv"
    text = file.read_text(encoding="utf-8")
    first = text.splitlines()[1]
    file.write_text(text.replace(first, first.replace(",105,", ",1050,")) + first + "\n", "utf-8")
    found = {fault.rule for fault in verify(tmp_path / "data") if fault.file.endswith("speeds.csv")}
    assert {"range", "duplicate-key"} <= found


def test_reading_and_building_takes_less_than_ten_seconds() -> None:
    code = (
        "import time; t = time.perf_counter()\n"
        "from canheal_nb.data import load\n"
        "from canheal_nb.access.travel import driving, speeds\n"
        "data = load()\n"
        "driving.network(data.lattice, speeds.drive(data))\n"
        "print(time.perf_counter() - t)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 10
