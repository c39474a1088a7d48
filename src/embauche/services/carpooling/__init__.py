"""What the service carpool is made of: matches.

Not here: the service itself, its options and parameters (services.carpool).
"""
