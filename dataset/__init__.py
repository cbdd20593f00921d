"""Grades and volumes to a Parquet dataset: imaging, join, cohort, split, shards, card. No torch."""

LEVELWISE = True
"""Tells this package from the one of the same name on PyPI; `levelwise` looks for it before it starts."""
