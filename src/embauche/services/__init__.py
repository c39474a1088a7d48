"""The ways to travel that someone offers: one file is one service and registers itself.

Not here: the choice between services (commuting).
"""
