"""Who can reach what, in how many minutes, and how crowded it is there."""
