"""Report archives as streams of reports: one file of this package per format.

``read_reports("archive.csv")`` yields one `Report` or one `Issue` for every row of the archive, in order and
without holding the archive in memory. A new format is one new module here with a `FORMAT` in it.
"""

from labeling.sources.columns import Columns
from labeling.sources.reading import Reading, describe_source, read_reports

__all__ = ["Columns", "Reading", "describe_source", "read_reports"]
