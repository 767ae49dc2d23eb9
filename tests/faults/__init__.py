"""Faults between a client and the service, each with the outcome that is promised.

``python -m tests.faults`` plays them all, and prints what came and how long it took.
"""
