"""The front door of levelwise."""
