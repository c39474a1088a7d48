"""Helpers of the service on_demand: options, stops, rides, the week's bookings, accounts.

Not here: the service itself (services.on_demand), dispatch of vehicles (services.dispatching).
"""
