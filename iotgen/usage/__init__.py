"""What a function's own code uses of AWS, read from its Python; what can't be told is left open."""
