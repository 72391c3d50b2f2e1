"""Which cancer centre could fit a person."""
