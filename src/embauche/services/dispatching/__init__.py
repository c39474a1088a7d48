"""Dispatch of vehicles to riders' legs, day by day.

Lives here: grid, day, plan, verify. Not here: whose legs they are (services.on_demand).
"""
