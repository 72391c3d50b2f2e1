"""Allocations solved and bounded: numbers only, no cancer."""
