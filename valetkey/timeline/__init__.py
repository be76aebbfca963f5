"""What the record said, and from when to when it said so. Any past day can be looked at as it stood then."""
