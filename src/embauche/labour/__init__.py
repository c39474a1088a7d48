"""The labour market's week: start state, search, hiring, separations, demography.

Not here: the order of the week (model), or travel (commuting).
"""
