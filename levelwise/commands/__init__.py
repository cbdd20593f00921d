"""The commands, in one file per kind of work. Each is a thin skin over one function of the Python API."""
