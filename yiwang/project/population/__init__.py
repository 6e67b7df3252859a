"""A made-up population of a north-eastern city district, for demonstration, tests and measuring.

Nobody in it exists: names are of stems and branches, ID numbers have a county code that was never given out, phones
lie in a range for machines. What it is believed to resemble, and how far, stands in docs/registers.md.
"""
