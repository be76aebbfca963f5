"""Doors to platforms. Nothing here decides what an authorization may do."""
