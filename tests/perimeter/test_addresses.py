"""Names and addresses: what is taken from the command line, and whom a proxy is believed about."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from canheal_nb.serve import addresses, logs, proxies, refusals
from canheal_nb.text.errors import UserError


@pytest.mark.parametrize(
    ("peer", "said", "visitor"),
    [
        ("192.0.2.9", "", "192.0.2.9"),
        ("192.0.2.9", "198.51.100.1", "192.0.2.9"),
        ("10.0.0.7", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.7", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.7", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("10.0.0.7", "6.6.6.6, 198.51.100.1, 10.1.2.3, 192.0.2.9", "192.0.2.9"),
        ("10.0.0.7", "", "10.0.0.7"),
        ("10.0.0.7", "unknown", "10.0.0.7"),
        ("10.0.0.7", "198.51.100.1, _hidden, 10.1.2.3", "10.1.2.3"),
        ("10.0.0.7", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.7", "[2001:db8::1]:80", "2001:db8::1"),
        ("10.0.0.7", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.7", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.7", "9.9.9.9," + "10.0.0.7," * 5000, "10.0.0.7"),
    ],
)
def test_who_is_counted(peer, said, visitor):
    believed = proxies.trusted(["10.0.0.7", "10.1.2.0/24"])
    assert believed.visitor(peer, said) == visitor


@pytest.mark.parametrize("value", ["", "x", "10.0.0.0/33", "1.2.3", "0.0.0.0/0", "::/0", "\u202e"])
def test_a_proxy_that_is_none_is_refused(value):
    with pytest.raises(UserError) as refused:
        proxies.trusted([value])
    assert refused.value.code == "bad-proxy"
    assert str(refused.value).isascii()


@pytest.mark.parametrize("value", ["", "a b", "http://a.eu", "a.eu:80", "a/b", "*.a.eu", "a" * 300])
def test_a_name_that_is_none_is_refused(value):
    with pytest.raises(UserError, match="no name of a host"):
        addresses.checked_names([value])


def test_names_are_kept_beside_the_own_ones():
    kept = addresses.checked_names(["Atlas.Example.EU.", "192.0.2.5", "[2001:db8::5]"])
    added = {"atlas.example.eu", "192.0.2.5", "2001:db8::5"}
    assert kept == {"localhost", "127.0.0.1", "::1"} | added


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("a.eu:80", "a.eu"),
        ("A.EU.", "a.eu"),
        ("[::1]:80", "::1"),
        ("x@localhost", ""),
        ("localhost/x", ""),
        ("localhost:x", ""),
        ("localhost:99999", ""),
        ("[", ""),
        ("", ""),
        ("evil.eu#localhost", ""),
    ],
)
def test_the_name_in_a_host_header(header, name):
    assert addresses.host_name(header) == name


def test_listening_elsewhere_needs_an_address_and_a_name():
    assert addresses.checked_host("127.0.0.5", []) == "127.0.0.5"
    assert addresses.checked_host("0.0.0.0", ["a.eu"]) == "0.0.0.0"
    with pytest.raises(UserError, match="--host-name"):
        addresses.checked_host("0.0.0.0", [])
    for value in ("", "localhost", "1.2.3", "0", "127.0.0.1:80"):
        with pytest.raises(UserError, match="is no address"):
            addresses.checked_host(value, ["a.eu"])
    with pytest.raises(UserError, match="no address of this machine"):
        addresses.bound(None, "192.0.2.1")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--host", "0.0.0.0"),
        ("--host", "x"),
        ("--host-name", "a b"),
        ("--trusted-proxy", "everybody"),
        ("--log", "/dev/zero"),
        ("--log", "/nowhere/at/all/log"),
        ("--log", "."),
    ],
)
def test_a_bad_value_is_one_sentence(option, value, tmp_path):
    command = [sys.executable, "-m", "canheal_nb.cli", "app", "--no-browser", option, value]
    environment = {"PYTHONPATH": str(Path(addresses.__file__).parents[2])}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "root" not in line]
    assert (done.returncode, len(said)) == (2, 1)
    assert "Traceback" not in said[0]
    assert list(tmp_path.iterdir()) == []


def test_the_log_is_of_bounded_size_and_of_nobody(perimeter, tmp_path):
    log = tmp_path / "log"
    kernel = "12345678-1234-1234-1234-123456789abc"
    with perimeter.serving(log=str(log), for_team=True) as served:
        told = {"X-Team-Token": served.team.rpartition("=")[2], "Cookie": "secret=1"}
        for path in ("/about?country=SECRET", f"/api/kernels/{kernel}", "/team", "/%0d%0aforged"):
            served.get(path, told, source="127.5.5.5")
        kept = log.read_text(encoding="utf-8")
        assert served.said() == ""
    assert "GET /about 200" in kept
    assert "GET /api/kernels/ID 404" in kept
    for hidden in ("SECRET", kernel, "127.5.5.5", told["X-Team-Token"], "secret"):
        assert hidden not in kept
    assert all(line[:2] == "20" for line in kept.splitlines()), "one line for each answer"


def test_an_older_log_is_moved_and_the_oldest_go(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "MOST_BYTES", 2000)
    root, ours = logging.getLogger(), logging.getLogger("canheal_nb")
    level, before = ours.level, list(root.handlers)
    try:
        logs.write_log(str(tmp_path / "log"))
        for number in range(500):
            logging.getLogger("canheal_nb.serve").info("a line %d", number)
        found = sorted(tmp_path.iterdir())
    finally:
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)
            handler.close()
        ours.setLevel(level)
    assert [one.name for one in found] == ["log", *(f"log.{n + 1}" for n in range(4))]
    assert sum(one.stat().st_size for one in found) <= 5 * 2000


def test_a_path_is_logged_short_and_plain():
    assert refusals.plain_path("/a\n\x1b[31mb") == "/a\\n\\x1b[31mb"
    assert len(refusals.plain_path("/" + "é" * 5000)) == 200
