"""Builds the library of pictures that ships with the package."""
