"""Offline search for the routes of a dial-a-ride day, by arrays of requests and vehicles.

Lives here: the problem (problem), the search (search), the choice among routes met (pool).
Not here: requests as they come in (dispatching), stops, hours and fares of a service (on_demand).
"""
