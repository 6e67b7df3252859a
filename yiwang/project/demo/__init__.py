"""The demonstration district: people, and sixty days of their work, made up and marked so by its accounts.

`make.create` plays problems (`scenes`, `places`, `season`) through their `course`, in an `office` that writes
in bulk exactly what the actions of `domains.operations` would have written.
"""
