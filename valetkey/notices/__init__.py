"""Notices: what was told to whom, when and by which way: mail digests, pages, calendar feeds, webhooks."""
