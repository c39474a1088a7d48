"""From weekly tables to answers: indicators, paired comparison, burn-in test, replications.

Not here: the model itself, or how an answer is shown (output).
"""
