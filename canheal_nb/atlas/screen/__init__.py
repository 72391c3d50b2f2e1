"""The screen: what it shows."""
