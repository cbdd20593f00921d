"""What the sentences of a report make of one another; see `labeling.discourse.settle`."""
