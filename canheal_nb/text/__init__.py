"""What a reader sees, whatever it is about: numbers, dates, languages, refusals."""
