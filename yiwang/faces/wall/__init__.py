"""The wall (大屏): an area live, what fails in it, where, whose it is, and the list behind every figure."""
