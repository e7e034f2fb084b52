"""What learns: plain Keras functions, one architecture family a file."""
