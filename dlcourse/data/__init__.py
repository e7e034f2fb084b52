"""What is learned from: `load("mnist")` returns arrays with their names, licence and source."""
