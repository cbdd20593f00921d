"""Parquet to models: the two-branch grader and the vertebra segmenter, with Lightning."""
