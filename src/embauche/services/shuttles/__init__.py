"""What shuttles need beyond their file: lines on the roads, runs and seats, the fleet, proposals.

Not here: the service itself (services.shuttle), timetabled transit (services.transit).
"""
