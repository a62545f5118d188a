"""A stub of the library."""
