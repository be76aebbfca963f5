"""Parties, and the users who act for them: who somebody is, and which verbs are theirs."""
