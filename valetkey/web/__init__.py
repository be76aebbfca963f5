"""The pages: a door. A view reads the input, makes one service call, shows the result or the refusal."""
