"""What every room stands on: tables, errors, files, parameters, shifts, scenarios, draws, results.

Not here: anything that knows of roads, people or posts. Nothing is imported here, so that
`embauche check` answers quickly.
"""
