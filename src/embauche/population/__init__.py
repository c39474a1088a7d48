"""Households, persons, firms and posts, synthesised from margins or read from a user's tables.

Not here: what they do in a week (labour, commuting).
"""
