"""What each apply left: the project's files as they were deployed, who deployed them, and when."""
