"""Handouts for a class, made from the notebooks: slides, a sheet for predictions, a card of status codes."""
