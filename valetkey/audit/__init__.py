"""The history: append-only, chained, sealed. It records what happened and who did it; it decides nothing."""
