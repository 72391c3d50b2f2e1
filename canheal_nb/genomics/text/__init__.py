"""The sentences, tables and pictures."""
