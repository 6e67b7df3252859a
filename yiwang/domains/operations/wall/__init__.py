"""What the wall shows of an area: open matters now, and history summed from the tallies. No names, no permission
beside `reach`: the same values serve everybody who may look at the area."""
