"""Pure functions over tables: no file, no clock, no text for readers."""
