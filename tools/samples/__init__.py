"""Draws the sample pictures, fetches the sample photographs, and writes their credits."""
