"""From the sentences of a report to its cells; see `labeling.walk.scope`."""
