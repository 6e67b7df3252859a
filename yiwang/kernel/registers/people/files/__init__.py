"""Files of departments (部门来数): read by a mapping of the pack, checked row by row, taken as a whole."""
