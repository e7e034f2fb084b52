"""What happens inside: pure functions, a model or arrays in, numbers out."""
