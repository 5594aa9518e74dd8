"""Dated facts: plans, measures, values and cities, loaded from packaged data."""
