"""How scenarios are spoken of: services, inputs, money, shares, and what is left out, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable

from canheal_nb.indicators.words import listed as in_a_row
from canheal_nb.text.locale import N_, _, ngettext
from canheal_nb.text.numbers import decimal, significant

SERVICES = {
    "radiotherapy": N_("Radiotherapy"),
    "pet_ct": N_("PET-CT scans"),
    "mri": N_("MRI scans"),
    "molecular_testing": N_("Molecular testing"),
    "tumour_boards": N_("Tumour boards"),
    "genetic_counselling": N_("Genetic counselling"),
    "palliative_home": N_("Palliative care at home"),
    "specialist_nurses": N_("Specialist nurses"),
    "breast_screening": N_("Breast screening"),
    "accreditation": N_("Accreditation"),
}
CELLS = {
    "need": N_("Need"),
    "baseline": N_("What stands today"),
    "capacity": N_("Capacity of a unit"),
    "capital": N_("Price of a unit"),
    "running": N_("Running cost"),
    "life": N_("Life"),
    "lag": N_("Years until it opens"),
    "staff": N_("Staff"),
}
BASES = {"sourced": N_("sourced"), "assumed": N_("assumed"), "none": N_("none")}
GOALS = {
    "most_need_met": N_("most capacity against the benchmark"),
    "max_min": N_("the least share as high as it can be"),
    "lexicographic": N_("the least shares as high as they can be, one after the other"),
    "least_cost": N_("least cost for a target"),
    "per_head": N_("money by people"),
    "per_case": N_("money by new cases"),
    "by_need": N_("money by what is missing to the benchmark"),
    "todays_shares": N_("money by what stands today"),
}
LEFT = {
    "growth": N_("growth of need"),
    "absorption": N_("how much money a country can spend well in a year"),
    "cofunding": N_("what countries pay themselves"),
    "staff": N_("staff"),
}
LACKS = {
    "need": N_("need"),
    "stock": N_("what stands today"),
    "capacity": N_("capacity of a unit"),
    "price": N_("price of a unit"),
    "running": N_("running cost"),
    "lag": N_("years until it opens"),
}
MACHINES = frozenset({"radiotherapy", "pet_ct", "mri", "breast_screening"})
BENCHMARK = N_(
    "The benchmark: what the patients or scans that are counted as needed would take, at the "
    "number that a unit is to serve in a year. Who is in fact treated is not in it."
)


def service(name: str) -> str:
    """Return the name of a service."""
    return _(SERVICES.get(name, name))


def measure(services: Iterable[str]) -> str:
    """Return what a share of these services is called: it is of units that stand, not of people."""
    if set(services) <= MACHINES:
        return _("machine capacity against the benchmark")
    return _("capacity against the benchmark")


def measured(services: Iterable[str]) -> str:
    """Return the same with a capital letter."""
    found = measure(services)
    return found[:1].upper() + found[1:]


def beaten(part: float, high: bool = False) -> str:
    """Return how much more the best could reach, from the part of it that a plan may miss.

    "8.7 times as much", or "3.2 % more"; `high`: of a share, "3.2 % higher".
    """
    if part >= 1:
        return _("any number of times as much")
    ratio = 1 / (1 - part)
    if ratio >= 2:
        text = _("{n} times as high") if high else _("{n} times as much")
        return text.format(n=significant(ratio, 2))
    text = _("{n} higher") if high else _("{n} more")
    return text.format(n=gap(ratio - 1))


def units(name: str, number: float) -> str:
    """Return "3 machines": a number of a service's units with their name."""
    whole = int(number) if float(number).is_integer() else 2
    forms = {
        "radiotherapy": ngettext("machine", "machines", whole),
        "pet_ct": ngettext("PET-CT scanner", "PET-CT scanners", whole),
        "mri": ngettext("MRI scanner", "MRI scanners", whole),
        "molecular_testing": ngettext("laboratory", "laboratories", whole),
        "tumour_boards": ngettext("tumour board", "tumour boards", whole),
        "genetic_counselling": ngettext("genetic counsellor", "genetic counsellors", whole),
        "palliative_home": ngettext("home care team", "home care teams", whole),
        "specialist_nurses": ngettext("specialist nurse", "specialist nurses", whole),
        "breast_screening": ngettext("mammography unit", "mammography units", whole),
        "accreditation": ngettext("accreditation", "accreditations", whole),
    }
    said = _("{number} {things}")
    return said.format(number=count(number), things=forms.get(name, service(name)))


def things(bought: Iterable[tuple[str, float]]) -> str:
    """Return numbers of units by service in words: "41 PET-CT scanners and 159 laboratories"."""
    parts = [units(service, number) for service, number in bought if number > 0]
    return in_a_row(parts) if parts else _("nothing")


def count(number: float) -> str:
    """Return a number of units: whole, or with one decimal."""
    if math.isnan(number):
        return _("not known")
    return decimal(number, 0 if float(number).is_integer() else 1)


def counted(name: str, number: float) -> str:
    """Return "32 850 patients a year": what the need of a service counts."""
    things = {
        "pet_ct": _("scans a year"),
        "mri": _("scans a year"),
        "palliative_home": _("inhabitants"),
        "breast_screening": _("examinations a year"),
        "accreditation": _("centres"),
    }
    if math.isnan(number):
        return _("not known")
    said = _("{number} {things}")
    return said.format(number=people(number), things=things.get(name, _("patients a year")))


def people(number: float) -> str:
    """Return a modelled number of people: three significant figures."""
    return significant(number, 3)


def share(part: float) -> str:
    """Return a share in per cent with one decimal."""
    if math.isnan(part):
        return _("not known")
    return _("{number} %").format(number=decimal(100 * part, 1))


def between(low: float, high: float) -> str:
    """Return "94.0 to 97.2 %"."""
    if math.isnan(low) or math.isnan(high):
        return _("not known")
    if decimal(100 * low, 1) == decimal(100 * high, 1):
        return _("does not vary")
    said = _("{low} to {high} %")
    return said.format(low=decimal(100 * low, 1), high=decimal(100 * high, 1))


def span(low: float, high: float) -> str:
    """Return "94.0–97.2", per cent, for a table."""
    return f"{decimal(100 * low, 1)}–{decimal(100 * high, 1)}"


def gap(part: float) -> str:
    """Return how far a plan may be from the best: in per cent, two significant figures."""
    per_cent = 100 * part
    if per_cent < 0.001:
        return _("less than 0.001 %")
    return _("{number} %").format(number=significant(per_cent, 2))


def euros(amount: float) -> str:
    """Return an amount in euros, three significant figures."""
    if math.isnan(amount):
        return _("not known")
    if abs(amount) >= 1e9:
        return _("{number} billion euros").format(number=significant(amount / 1e9, 3))
    if abs(amount) >= 1e6:
        return _("{number} million euros").format(number=significant(amount / 1e6, 3))
    return _("{number} euros").format(number=significant(amount, 3))


def millions(amount: float) -> str:
    """Return an amount in millions of euros for a table, one decimal."""
    return "" if math.isnan(amount) else decimal(amount / 1e6, 1)


def input_name(name: str) -> str:
    """Return an input such as "mri.capacity" in words; joint ones stay joint."""
    parts = []
    for one in name.split(" = "):
        kind, _dot, cell = one.rpartition(": ")[2].partition(".")
        said = _("{service}: {cell}")
        parts.append(said.format(service=service(kind), cell=_(CELLS.get(cell, cell)).lower()))
    return " = ".join(parts)


def not_modelled(ids: Iterable[str]) -> list[str]:
    """Return ids of what is left out, "running:mri", in words, each once."""
    named: dict[str, list[str]] = {}
    for one in ids:
        what, _colon, kind = one.partition(":")
        listed = named.setdefault(what, [])
        if kind:
            listed.append(service(kind))
    found = []
    for what, kinds in named.items():
        words = _(LEFT.get(what, CELLS.get(what, what)))
        words = words[:1].lower() + words[1:]
        said = _("{what} ({services})")
        given = {"what": words, "services": ", ".join(dict.fromkeys(kinds))}
        found.append(said.format(**given) if kinds else words)
    return found


def number(value: float | str) -> str:
    """Return an input's value: three significant figures, whole above a thousand; "" if none."""
    found = float(value)
    if math.isnan(found):
        return ""
    return significant(found, 3) if abs(found) < 1000 else decimal(round(found))
