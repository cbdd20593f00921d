"""The networks: trunks (`resnext`, `small`) and the grader that joins one trunk per view."""
