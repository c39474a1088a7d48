"""Shortest paths over roads and timetables for many pairs: the public face of the search kernels.

Not here: who travels (commuting), or how graphs are read from files (territory).
"""
