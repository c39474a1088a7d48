"""Volunteer drivers: options, crews and their tours, what a week of them leaves.

Not here: the service itself (services.volunteers).
"""
