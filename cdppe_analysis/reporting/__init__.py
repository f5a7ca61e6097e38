"""The simulator: another rule tried in the browser."""
