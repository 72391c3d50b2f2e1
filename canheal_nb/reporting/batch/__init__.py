"""Every subject of some reports, overnight."""
