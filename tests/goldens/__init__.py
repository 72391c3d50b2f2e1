"""What the product shows, kept as text: a change of it is seen as a difference of these files."""
