"""A stand-in for the packages of the layer."""
