"""AWS's services as far as handlers use them, in memory."""
