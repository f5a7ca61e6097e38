"""The sheet of a territory: what it receives and why, what another rule would give, what is known of the need."""
