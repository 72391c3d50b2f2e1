"""What is needed of each service, what stands, and what is known of its price."""
