"""The record: assets, surfaces on them, who has which access since and until when, campaigns. Knows no platform."""
