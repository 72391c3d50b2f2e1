"""What all live screens share."""
