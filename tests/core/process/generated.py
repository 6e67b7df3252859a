"""Random processes of the subset, for Hypothesis: nested blocks, and some that are safe but not nested."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.core.process.drawing import Drawing

# The data that conditions read; every value is drawn anew before each step.
SWITCHES = ("a", "b", "c")


@dataclass
class Grower:
    """Grows a drawing from `at`, block by block; gives the node at which the block ends."""

    draw: st.DrawFn
    d: Drawing
    left: int
    in_loop: int = 0
    in_inclusive: int = 0

    def block(self, at: str, depth: int, many: bool) -> str:
        """`many`: inside parallel branches (where an early terminate would hide the rest)."""
        kinds = ["task", "task", "seq"]
        # At an inclusive join SpiffWorkflow 3.2 follows only the first way back through a merge, so it does not
        # wait for a branch that has parted and merged again (the case is in test_stepping).
        merges = not self.in_inclusive
        if depth > 0 and self.left > 2 and merges:
            kinds += ["xor", "xor_outcome", "loop", "skip"]
            kinds += ["par", "inc", "crossed", "partial"]
            if not self.in_loop:  # a loop would open it again while it is still open
                kinds += ["early_end"]
        if self.left > 1:
            kinds += ["timer", "service", "items", "reminder", *(["deadline"] if merges else [])]
        return getattr(self, self.draw(st.sampled_from(kinds)))(at, depth, many)

    def new(self, prefix: str) -> str:
        return self.d.fresh(prefix)

    def task(self, at: str, depth: int = 0, many: bool = False, outcomes: str = "done") -> str:
        self.left -= 1
        own = self.d.task(self.new("t"), outcomes)
        self.d.flow(at, own)
        return own

    def seq(self, at: str, depth: int, many: bool) -> str:
        for _ in range(self.draw(st.integers(2, 3))):
            at = self.block(at, depth, many)
        return at

    def timer(self, at: str, depth: int, many: bool) -> str:
        own = self.d.timer(self.new("timer"))
        self.d.flow(at, own)
        return self.task(own)

    def service(self, at: str, depth: int, many: bool) -> str:
        own = self.d.service(self.new("s"))
        self.d.flow(at, own)
        return own

    def items(self, at: str, depth: int, many: bool) -> str:
        self.left -= 1
        own = self.d.task(self.new("m"), items="units")
        self.d.flow(at, own)
        return own

    def deadline(self, at: str, depth: int, many: bool) -> str:
        """A task that a timer may cut off; both ways meet again."""
        task = self.task(at)
        late = self.d.boundary(self.new("late"), task)
        merge = self.d.gateway("exclusive", self.new("x"))
        self.d.flow(task, merge)
        self.d.flow(self.task(late), merge)
        return merge

    def reminder(self, at: str, depth: int, many: bool) -> str:
        """A task with a timer that opens another task beside it."""
        task = self.task(at)
        late = self.d.boundary(self.new("remind"), task, interrupting=False)
        self.d.flow(self.task(late), self.d.end(self.new("end")))
        return task

    def branches(
        self, kind: str, at: str, depth: int, many: bool, conditions: list[str], default: bool
    ) -> str:
        split = self.d.gateway(kind, self.new("g"))
        self.d.flow(at, split)
        heads = []
        for condition in conditions:
            if default and condition == conditions[-1]:
                heads.append((self.passed(split, "", True), True))
            else:
                heads.append((self.passed(split, condition), False))
        join = self.d.gateway(kind, self.new("j"))
        for head, _ in heads:
            self.d.flow(self.block(head, depth - 1, many or kind != "exclusive"), join)
        return join

    def passed(self, gateway: str, condition: str = "", default: bool = False) -> str:
        """A task behind a gateway, so that each branch has its own visible begin."""
        self.left -= 1
        own = self.d.task(self.new("t"))
        self.d.flow(gateway, own, condition, default)
        return own

    def xor(self, at: str, depth: int, many: bool) -> str:
        switches = self.draw(st.permutations(SWITCHES))[: self.draw(st.integers(2, 3))]
        return self.branches("exclusive", at, depth, many, list(switches), True)

    def xor_outcome(self, at: str, depth: int, many: bool) -> str:
        task = self.task(at, outcomes="yes,no")
        conditions = ["outcome == 'yes'", "outcome == 'no'"]
        return self.branches("exclusive", task, depth, many, conditions, self.draw(st.booleans()))

    def par(self, at: str, depth: int, many: bool) -> str:
        return self.branches("parallel", at, depth, many, [""] * self.draw(st.integers(2, 3)), False)

    def inc(self, at: str, depth: int, many: bool) -> str:
        self.in_inclusive += 1
        join = self.branches("inclusive", at, depth, many, [*SWITCHES[:2], "default"], True)
        self.in_inclusive -= 1
        return join

    def loop(self, at: str, depth: int, many: bool) -> str:
        merge = self.d.gateway("exclusive", self.new("x"))
        self.d.flow(at, merge)
        self.in_loop += 1
        last = self.task(self.block(merge, depth - 1, many), outcomes="again,on")
        self.in_loop -= 1
        split = self.d.gateway("exclusive", self.new("g"))
        self.d.flow(last, split)
        self.d.flow(split, merge, "outcome == 'again'")
        return self.passed(split, "", default=True)

    def skip(self, at: str, depth: int, many: bool) -> str:
        """Not nested: from either of two gateways straight to the end of the other's block."""
        first = self.task(at, outcomes="yes,no")
        one, two = (self.d.gateway("exclusive", self.new("g")) for _ in range(2))
        out = self.d.gateway("exclusive", self.new("x"))
        inner = self.d.gateway("exclusive", self.new("x"))
        self.d.flow(first, one)
        self.d.flow(one, inner, "outcome == 'yes'")
        middle = self.task(self.passed(one, "", default=True), outcomes="yes,no")
        self.d.flow(middle, two)
        self.d.flow(two, inner, "outcome == 'yes'")
        self.d.flow(two, out, "", default=True)
        self.d.flow(self.block(inner, depth - 1, many), out)
        return out

    def crossed(self, at: str, depth: int, many: bool) -> str:
        """Not nested: a branch of the first split and a branch of the second meet before the rest do."""
        split, second, first_join, join = (self.d.gateway("parallel", self.new("p")) for _ in range(4))
        self.d.flow(at, split)
        left, right = self.passed(split), self.passed(split)
        self.d.flow(left, second)
        self.d.flow(self.passed(second), first_join)
        self.d.flow(self.block(right, depth - 1, True), first_join)
        self.d.flow(self.passed(second), join)
        self.d.flow(self.passed(first_join), join)
        return join

    def partial(self, at: str, depth: int, many: bool) -> str:
        """Not nested: two of three branches meet first."""
        split, first_join, join = (self.d.gateway("parallel", self.new("p")) for _ in range(3))
        self.d.flow(at, split)
        for _ in range(2):
            self.d.flow(self.block(self.passed(split), depth - 1, True), first_join)
        self.d.flow(self.passed(first_join), join)
        self.d.flow(self.passed(split), join)
        return join

    def early_end(self, at: str, depth: int, many: bool) -> str:
        """Not nested: one branch of a split ends by itself."""
        split = self.d.gateway("parallel", self.new("p"))
        self.d.flow(at, split)
        self.d.flow(self.block(self.passed(split), depth - 1, True), self.d.end(self.new("end")))
        return self.passed(split)


@st.composite
def processes(draw: st.DrawFn, tasks: int = 12, depth: int = 3) -> bytes:
    """The XML of one random process."""
    drawing = Drawing()
    grower = Grower(draw, drawing, tasks)
    last = grower.block(grower.task(drawing.start()), depth, False)
    terminate = draw(st.booleans())
    drawing.flow(grower.task(last), drawing.end(terminate=terminate))
    return drawing.xml()
