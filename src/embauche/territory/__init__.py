"""What stands still: roads, communes, stops and timetables, read from files or stylised.

Not here: people and firms (population), or travel times between places (routing).
"""
