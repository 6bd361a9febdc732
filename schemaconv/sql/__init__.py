"""Tokens and trees of SQL text. The only package that imports sqlglot, and only when a fragment needs it."""
