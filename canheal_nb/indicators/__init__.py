"""What is known of areas and centres: measures, their words and their sources."""
