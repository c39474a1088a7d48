"""Vehicles of transit that can be full: places counted run by run.

Not here: transit as such (services.transit).
"""
