"""Seeing what a changed parameter would do before it is enacted: who gains, who loses, where, and what it costs."""
