"""What a paper says to machines: the XML of an electronic invoice, the 2D-Doc of a bank.

Both are read, compared with what the page says, and never hide a disagreement (docs/decisions/0006).
"""
