"""Rewrites of tables, indexes, sequences, views, synonyms and types."""
