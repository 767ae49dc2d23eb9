"""Makes the library that ships with the package. Not needed to use it."""
