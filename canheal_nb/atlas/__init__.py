"""Measures on the map, countries beside each other, and the stages of care."""
