"""Back from published amounts: what they leave of an unknown criterion, and what is identified of another rule."""
