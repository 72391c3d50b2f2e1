"""From a land of roads and ferries to minutes by car."""
