"""Findings: what is wrong or about to be, from the record alone, as rules say it; and what people decided about it."""
