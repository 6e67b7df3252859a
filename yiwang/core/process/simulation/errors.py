"""What cannot be simulated, said to the person who wrote the scenario."""

from __future__ import annotations


class SimulationError(ValueError):
    """`code` for programs, `where` names the entry of the scenario, the text says what to do."""

    def __init__(self, code: str, where: str, detail: str):
        super().__init__(f"{where}: {detail}" if where else detail)
        self.code, self.where, self.detail = code, where, detail
