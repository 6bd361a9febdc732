"""Rewrites: one construct each, found by directory. They name constructs, never engines."""
