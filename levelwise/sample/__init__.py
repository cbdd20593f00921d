"""The synthetic sample archive: reports and DICOM studies made from one drawn truth."""
