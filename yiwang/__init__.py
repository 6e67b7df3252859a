"""Yiwang (一网): the software a Chinese urban district government runs on."""

__version__ = "0.1.0"
