"""The history as people read it: sentences, filters, and exports that others can verify."""
