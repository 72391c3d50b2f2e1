"""Who does what by when: a strategy sheet from what both checks found lacking."""
