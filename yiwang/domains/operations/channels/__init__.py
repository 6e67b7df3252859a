"""The ways in which reports come: one small plugin each (see `base`), listed in `registry`."""
