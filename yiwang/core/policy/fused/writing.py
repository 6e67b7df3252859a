"""A graph written as one function of LLVM's language: blocks of households that fit the cache, turn by turn.

Each turn is one loop without branches, of which LLVM makes vector instructions. What a later turn needs waits in a
scratch of one block's size. Amounts are computed only of those who are entitled, who are few.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.core.policy.columns import HOUSEHOLD, PERSON, YES
from yiwang.core.policy.fused.ordering import REDUCTIONS, Order, Output
from yiwang.core.policy.fused.recording import BOOL, BYTE, COMPARISONS, LONG, CannotRecord, Graph, Node
from yiwang.core.policy.fused.text import Text, lowest, type_of, unsigned

CHAIN = 4  # a table up to this long is a chain of choices
MOST_DIVISOR = 2**49
POINTERS = 5  # of each output: states, places, amounts, which are unknown, how many
BLOCK = ("h0", "hn", "hm", "r0", "r1")  # first household, how many, how many with members; first and last run
RUN = 4  # first person, place of its household in the block, how many, place in the scratch
HEAD = (
    "define void @answer(ptr noalias %columns, ptr noalias %numbers, ptr noalias %blocks, i64 %count, "
    "ptr noalias %runs, ptr noalias %persons, i64 %persons.room, ptr noalias %homes, i64 %homes.room, "
    "ptr noalias %outs) {"
)


@dataclass(frozen=True, slots=True)
class Written:
    """`columns`: (fact, whether its mask), in the order in which the function takes them; `numbers`: the parameters
    whose numbers it takes; the bytes that wait in the scratch for each row of a block."""

    text: str
    columns: tuple[tuple[str, bool], ...]
    numbers: tuple[str, ...]
    person_bytes: int
    household_bytes: int


def written(graph: Graph, outputs: Iterable[Output]) -> Written:
    """Raises CannotRecord for what has no place in the function."""
    return _Writer(graph, outputs).write()


class _Writer(Text):
    def __init__(self, graph: Graph, outputs: Iterable[Output]):
        super().__init__()
        self.order = Order(graph, outputs)
        self.nodes, self.outputs = graph.nodes, self.order.outputs
        self.columns: dict[tuple[str, bool], int] = {}
        self.numbers: dict[str, int] = {}  # a parameter -> where its numbers begin
        self.room = 0
        self.memo: dict[int, str] = {}

    def write(self) -> Written:
        for n in self.order.needed + self.order.late:
            if self.nodes[n].op == "column":
                self.columns.setdefault(self.nodes[n].data, len(self.columns))
        self._block()
        turn = self.order.turn
        for now in sorted(set(turn.values()) | {turn[n] - 1 for n in self.order.reductions}):
            if now % 2:
                self._persons(now)
            else:
                self._households(now)
        for k, one in enumerate(self.outputs):
            if one.amount is not None:
                self._amounts(k, one)
        return Written(
            "\n".join([*self._head(), *self.lines, *self._tail()]),
            tuple(self.columns),
            tuple(self.numbers),
            self.order.sizes[PERSON],
            self.order.sizes[HOUSEHOLD],
        )

    # frame

    def _head(self) -> list[str]:
        """What is read once: where the columns are, the numbers, the scratch, the outputs."""
        head = [HEAD, "entry:"]
        for place in self.columns.values():
            head.append(f"  %col{place}.at = getelementptr ptr, ptr %columns, i64 {place}")
            head.append(f"  %col{place} = load ptr, ptr %col{place}.at")
        for n in range(self.room):
            head.append(f"  %c{n}.at = getelementptr i64, ptr %numbers, i64 {n}")
            head.append(f"  %c{n} = load i64, ptr %c{n}.at")
        for n, (entity, before) in self.order.scratch.items():
            base = "persons" if entity is PERSON else "homes"
            head.append(f"  %s{n}.by = mul i64 %{base}.room, {before}")
            head.append(f"  %s{n} = getelementptr i8, ptr %{base}, i64 %s{n}.by")
        for n in range(POINTERS * len(self.outputs)):
            head.append(f"  %out{n}.at = getelementptr ptr, ptr %outs, i64 {n}")
            head.append(f"  %out{n} = load ptr, ptr %out{n}.at")
        return [
            *head,
            "  %any = icmp sgt i64 %count, 0",
            "  br i1 %any, label %block, label %done",
            "block:",
            "  %b = phi i64 [0, %entry], [%b.next, %block.end]",
        ]

    def _tail(self) -> list[str]:
        return [
            "  br label %block.end",
            "block.end:",
            "  %b.next = add i64 %b, 1",
            "  %b.more = icmp slt i64 %b.next, %count",
            "  br i1 %b.more, label %block, label %done",
            "done:",
            "  ret void",
            "}",
            "declare i64 @llvm.cttz.i64(i64, i1)",
            "declare double @llvm.floor.f64(double)",
            *self.loop_notes(),
        ]

    def _block(self) -> None:
        """Reads what the block is, and begins the sums."""
        for n, what in enumerate(BLOCK):
            self.say(f"  %{what} = add i64 {self.field('%blocks', '%b', len(BLOCK), n)}, 0")
        sums = [(n, self.nodes[n]) for n in self.order.reductions]
        if not sums:
            return

        def begin(index: str) -> None:
            for n, one in sums:
                self.store(f"%s{n}", index, one.dtype, str(lowest(one.op, one.dtype)))

        def empty(index: str) -> None:
            for n, one in sums:
                self.store(f"%s{n}", index, one.dtype, str(one.data))

        self.each("0", "%hm", begin)
        self.each("%hm", "%hn", empty)

    def _over_runs(self, body) -> None:
        """Persons of one block who stand in a row, whose households do so too."""
        self.around("%r0", "%r1", lambda run: body(*(self.field("%runs", run, RUN, n) for n in range(RUN))))

    # turns

    def _persons(self, turn: int) -> None:
        own = [n for n in self.order.needed if self.order.turn.get(n) == turn]
        into = [n for n in self.order.reductions if self.order.turn[n] - 1 == turn]

        def run(person: str, home: str, count: str, scratch: str) -> None:
            def body(i: str) -> None:
                self.memo = {}
                places = self._places(person, home, scratch, i)
                self._compute(own, places)
                for n in into:
                    one = self.nodes[n]
                    value = self._value(one.args[0], places)
                    before = self.load(f"%s{n}", places["home.scratch"], one.dtype)
                    after = self.binary(REDUCTIONS[one.op], one.dtype, before, value)
                    self.store(f"%s{n}", places["home.scratch"], one.dtype, after)

            self.each("0", count, body)

        self._over_runs(run)

    def _places(self, person: str, home: str, scratch: str, i: str) -> dict[str, str]:
        in_block = self.let(f"add i64 {home}, {i}")
        return {
            "row": self.let(f"add i64 {person}, {i}"),
            "scratch": self.let(f"add i64 {scratch}, {i}"),
            "home": self.let(f"add i64 %h0, {in_block}"),
            "home.scratch": in_block,
        }

    def _households(self, turn: int) -> None:
        own = [n for n in self.order.needed if self.order.turn.get(n) == turn]
        own = [n for n in own if self.nodes[n].op not in REDUCTIONS]
        if not own:
            return

        def body(i: str) -> None:
            self.memo = {}
            self._compute(own, {"row": self.let(f"add i64 %h0, {i}"), "scratch": i})

        self.each("0", "%hn", body)

    def _compute(self, own: list[int], places: dict[str, str]) -> None:
        for n in own:
            value = self.memo[n] = self._computed(n, places)
            one = self.nodes[n]
            if n in self.order.scratch:
                self.store(f"%s{n}", places["scratch"], one.dtype, value)
            for k, output in enumerate(self.outputs):
                if output.state == n:
                    self.store(f"%out{POINTERS * k}", places["row"], BYTE, value)

    # values

    def _value(self, n: int, places: dict[str, str]) -> str:
        """A node where it is needed: computed already, a column, from the scratch, or computed only here."""
        found = self.memo.get(n)
        if found is not None:
            return found
        one = self.nodes[n]
        if one.op == "const":
            return str(one.data)
        if one.op == "number":
            return self.cast(self._number(one.data), LONG, one.dtype)
        if one.op == "column":
            found = self.load(f"%col{self.columns[one.data]}", places["row"], one.dtype)
        elif n in self.order.scratch:
            found = self.load(f"%s{n}", places["scratch"], one.dtype)
        else:
            found = self._computed(n, places)
        self.memo[n] = found
        return found

    def _computed(self, n: int, places: dict[str, str]) -> str:
        one = self.nodes[n]
        first = self.nodes[one.args[0]]
        if one.op == "spread":
            return self._value(one.args[0], {"row": places["home"], "scratch": places["home.scratch"]})
        args = [self._value(arg, places) for arg in one.args]
        if one.op == "cast":
            return self.cast(args[0], first.dtype, one.dtype)
        if one.op in ("view", "copy"):
            return args[0]
        if one.op == "lookup":
            return self._lookup(args[0], first, one)
        if one.op == "pick":
            return self._pick(args[0], first, one)
        if one.op in COMPARISONS:
            return self.compare(one.op, first.dtype, *args)
        if one.op == "invert":
            return self.let(f"xor {type_of(one.dtype)} {args[0]}, {1 if one.dtype == BOOL else -1}")
        if one.op == "right_shift":
            word = "lshr" if unsigned(one.dtype) else "ashr"
            return self.let(f"{word} {type_of(one.dtype)} {args[0]}, {args[1]}")
        if one.op in ("floor_divide", "remainder"):
            self._check_divisor(one)
            return self.divided(one.op, one.dtype, *args)
        if one.op == "multiply":
            for switch, other in ((0, 1), (1, 0)):
                of = self.nodes[one.args[switch]]
                if of.op != "const" and of.values is not None and of.values <= {0, 1}:
                    return self.switched(one.dtype, args[other], args[switch], of.dtype)
        return self.binary(one.op, one.dtype, *args)

    def _number(self, name: str, n: int = 0, of: int = 1) -> str:
        """A number of the law. It is read, so that another law needs no other function."""
        return f"%c{self._place(name, of) + n}"

    def _place(self, name: str, of: int) -> int:
        place = self.numbers.get(name)
        if place is None:
            place, self.room = self.room, self.room + of
            self.numbers[name] = place
        return place

    def _pick(self, code: str, codes: Node, one: Node) -> str:
        name, of = one.data
        if of > CHAIN:
            index = self.let(f"add i64 {self.cast(code, codes.dtype, LONG)}, {self._place(name, of)}")
            return self.load("%numbers", index, LONG)
        found = self._number(name, of - 1, of)
        for n in range(of - 2, -1, -1):
            here = self.let(f"icmp eq {type_of(codes.dtype)} {code}, {n}")
            found = self.let(f"select i1 {here}, i64 {self._number(name, n, of)}, i64 {found}")
        return found

    def _lookup(self, code: str, codes: Node, one: Node) -> str:
        """Two bits for each place of the table, in one number."""
        packed = sum(value << (2 * n) for n, value in enumerate(one.data))
        by = self.let(f"shl i64 {self.cast(code, codes.dtype, LONG)}, 1")
        found = self.let(f"and i64 {self.let(f'lshr i64 {packed}, {by}')}, 3")
        return self.cast(found, LONG, one.dtype)

    def _check_divisor(self, one: Node) -> None:
        """Raises CannotRecord for a divisor that may be zero or less, with which processors stop."""
        if one.dtype.kind != "i":
            raise CannotRecord(f"a division of {one.dtype}")
        by = self.nodes[one.args[1]]
        if by.op == "cast":
            by = self.nodes[by.args[0]]
        ends = [self.nodes[n] for n in by.args] if by.op == "maximum" else [by]
        if not any(end.op == "const" and 0 < end.data < MOST_DIVISOR for end in ends):
            raise CannotRecord("a divisor that may be zero or less")

    # amounts

    def _amounts(self, k: int, one: Output) -> None:
        states = f"%out{POINTERS * k}"
        if self.nodes[one.state].entity is HOUSEHOLD:
            self.each_entitled(
                states,
                "%h0",
                "%hn",
                YES,
                lambda i: self._take(k, one, {"row": self.let(f"add i64 %h0, {i}"), "scratch": i}),
            )
            return

        def run(person: str, home: str, count: str, scratch: str) -> None:
            self.each_entitled(
                states,
                person,
                count,
                YES,
                lambda i: self._take(k, one, self._places(person, home, scratch, i)),
            )

        self._over_runs(run)

    def _take(self, k: int, one: Output, places: dict[str, str]) -> None:
        """Keeps place and amount of one who is entitled."""
        self.memo = {}
        _states, rows, values, unknown, count = (f"%out{POINTERS * k + n}" for n in range(POINTERS))
        n = self.let(f"load i64, ptr {count}")
        short = self.let(f"trunc i64 {places['row']} to i32")
        self.say(f"  store i32 {short}, ptr {self.at(rows, n, 'i32')}")
        self.say(f"  store i64 {self._value(one.amount, places)}, ptr {self.at(values, n, 'i64')}")
        if one.unknown is not None:
            self.say(f"  store i8 {self._value(one.unknown, places)}, ptr {self.at(unknown, n, 'i8')}")
        self.say(f"  store i64 {self.let(f'add i64 {n}, 1')}, ptr {count}")
