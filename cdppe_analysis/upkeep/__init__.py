"""The data folder kept: its clean tables built again from the raw cells, and all that it holds checked."""
