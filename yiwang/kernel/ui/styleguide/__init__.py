"""The living style page: every component with every state, drawn by the very templates that the pages use.

The tests of the components use these pages, so what they hold true is what people see here.
"""
