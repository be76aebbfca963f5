"""Sheets that people have, taken into the record: tried first, with a verdict for every row; carried out; undone."""
