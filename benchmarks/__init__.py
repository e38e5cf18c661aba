"""Measures, reported and never asserted: ``make bench`` and ``make load``."""
