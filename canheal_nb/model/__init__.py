"""The core: pure functions over tables. No file, no clock, no widget."""
