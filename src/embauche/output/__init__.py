"""What a person reads: the report, one self-contained HTML file.

Not here: the figures in it (analysis).
"""
