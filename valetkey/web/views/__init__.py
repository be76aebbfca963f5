"""One module per subject; the addresses are in `urls`."""
