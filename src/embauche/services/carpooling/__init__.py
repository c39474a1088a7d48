"""What the service carpool is made of: units, cars, matches, partners, the week, money, books.

Not here: the service itself, its options and parameters (services.carpool).
"""
