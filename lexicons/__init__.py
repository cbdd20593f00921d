"""What can be said of a lumbar level, and how languages say it. Standard library only."""
