"""The panels of the overview: each is one function from a view to its part of the answer."""
