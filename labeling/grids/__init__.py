"""Tables in a report; see `labeling.grids.find` for the layouts that are known."""
