"""The scenario file: a small YAML text that a person can write, compare, share and cite.

`read` refuses what is wrong with one sentence that names the line; `write` gives the file that
reads as the same scenario again. What the parts mean: docs/SCENARIOS.md.
"""

from canheal_nb.funding.scenario_file.lookup import is_file, load, shipped, vocabulary
from canheal_nb.funding.scenario_file.reader import read
from canheal_nb.funding.scenario_file.writer import write
from canheal_nb.priorities.named_sets import known as priority_sets
from canheal_nb.priorities.named_sets import of as priority_set
from canheal_nb.priorities.named_sets import weights

__all__ = [
    "is_file", "load", "priority_set", "priority_sets", "read", "shipped", "vocabulary",
    "weights", "write",
]  # fmt: skip
