"""What the product shows is what it showed: each difference is wanted, or a mistake.

`make goldens` writes the files again; then `git diff tests/goldens` is what a reader would see.
"""

from __future__ import annotations

import difflib

import pytest

from goldens import kept, product
from goldens.cases import GOLDENS, REPORTS, STATES
from goldens.markup import markup_lines, text_of_json

MOST_LINES = 40


def test_every_app_and_every_report_has_goldens_and_no_file_is_left_over() -> None:
    assert {name.partition("-")[0] for name in STATES} == set(product.app_names())
    assert {name.partition("-")[0] for name in REPORTS} == set(product.report_names())
    assert kept.names() == set(GOLDENS)


@pytest.mark.parametrize("name", GOLDENS)
def test_it_is_as_it_was(name: str) -> None:
    before, now = kept.read(name).splitlines(), GOLDENS[name]().rstrip().splitlines()
    if now != before:
        lines = list(difflib.unified_diff(before, now, "kept", "now", n=1, lineterm=""))
        more = f"\n... and {len(lines) - MOST_LINES} lines more" * (len(lines) > MOST_LINES)
        shown = "\n".join(line[:300] for line in lines[:MOST_LINES])
        pytest.fail(f"{name} differs; if it is wanted: make goldens\n{shown}{more}", pytrace=False)


def test_an_element_is_a_line_and_a_drawing_is_a_hash_that_tells_drawings_apart() -> None:
    one = markup_lines(f'<p class="a">b <b>c</b> d<svg><path d="{"M0,0" * 20}"/></svg><i>e</i>')
    assert one[:2] == ['<p class="a">b <b>c</b> d', " <svg>"]
    assert one[2].startswith('  <path d="#')
    assert one[3:] == [" <i>e</i>"]
    other = markup_lines(f'<p class="a">b <b>c</b> d<svg><path d="{"M0,1" * 20}"/></svg><i>e</i>')
    assert [a == b for a, b in zip(one, other, strict=True)] == [True, True, False, True]


def test_numbers_are_kept_to_nine_digits() -> None:
    assert (
        text_of_json('{"a": [0.1234567891234, 2, null]}')
        == '{\n"a": [\n0.123456789,\n2,\nnull\n]\n}'
    )
