"""DICOM folders to disc volumes: index, stacks, choice of series, spine curve, oblique cuts, pictures.

Points and directions are in the DICOM patient frame (LPS, mm): x to the patient's left, y to the back, z to
the head. Voxels are indexed (slice, row, column).
"""
