"""Reports: one model, several formats."""
