"""Draws of what is uncertain, futures, and what follows from them. Knows no cancer."""
