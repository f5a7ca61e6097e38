"""Where files are, how they are read strictly and written whole. Knows nothing of allocations."""
