"""Offers for each home, workplace and trip class; the utility of travel and the choice of a service.

Not here: how one service makes its offers (services), or whole labour decisions (labour).
"""
