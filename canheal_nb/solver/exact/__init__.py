"""One budget and no other tie: exact by sorting, without a solver."""
