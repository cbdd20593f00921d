"""Rules of words for the study and its images, by the names that more than one module asks for."""

from __future__ import annotations

STUDY, DONE, PLANE = "distractors/study", "distractors/done", "distractors/plane"
"""The study, when it was made, and the planes of its images."""
LUMBAR_SCANS = frozenset({"regions/lumbar-study", "regions/lumbar-scan"})
LUMBAR_FILMS = "regions/lumbar-films"
"""Plain films, which show no canal."""
