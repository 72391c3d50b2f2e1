"""What matters most: to one person, and to groups."""
