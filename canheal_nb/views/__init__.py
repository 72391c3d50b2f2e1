"""From tables to pictures, sentences and tables that people read. Decides nothing about facts."""
