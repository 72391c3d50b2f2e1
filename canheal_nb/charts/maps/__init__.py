"""The one map picture."""
