"""TikTok: the words of its wire, the client that speaks them, the connector, and a sandbox that answers them."""
