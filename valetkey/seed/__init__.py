"""Made-up desks to look around in and to measure: invented people, and no real platform."""
