"""Dispatch of vehicles to riders' legs, day by day. Not here: any service (services.on_demand uses this)."""
