"""The typed catalog that every stage hands on. Knows no engine."""
