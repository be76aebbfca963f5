"""Reviews: the accesses of a scope frozen, and a decision for each line."""
