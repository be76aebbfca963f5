"""Everything out, and back into an empty desk; backups of the whole."""
