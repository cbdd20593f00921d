"""Vertebral bodies, S1, discs and canal on sagittal T2 slices; numbering from the sacrum up."""
