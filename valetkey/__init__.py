"""Valetkey: one post, one code, one window, and the record of it."""
