"""Legal catalog to target text. Emitters never decide."""
