"""A report as a file of Word or PowerPoint."""
