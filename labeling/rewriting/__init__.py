"""A sentence put in order before it is cut into items; see `labeling.rewriting.rewrite`."""
