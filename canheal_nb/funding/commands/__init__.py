"""The part of the command line."""
