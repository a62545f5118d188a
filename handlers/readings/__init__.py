"""What the handlers share: sensor readings from the request to the tables."""
