"""Mail to people: a template, one recipient, after the transaction. Never a code, never a token of a platform."""
