"""What is known, how old it is, and what is not known."""
