"""LLVM's language: values, loops and whole-number arithmetic as NumPy has it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from yiwang.core.policy.fused.recording import BOOL, LONG

PLAIN = {"add": "add", "subtract": "sub", "multiply": "mul", "bitwise_and": "and", "bitwise_or": "or"}
SIGNS = {
    "less": "lt",
    "less_equal": "le",
    "greater": "gt",
    "greater_equal": "ge",
    "equal": "eq",
    "not_equal": "ne",
}
ONE_STEP = 4096  # by so much or more a float quotient is at most one off
FIRST_LOOP = 10  # numbers below are the other notes to LLVM
NOTES = (
    "!0 = distinct !{}",
    '!1 = !{!"llvm.loop.parallel_accesses", !0}',
    '!2 = !{!"llvm.loop.vectorize.enable", i1 true}',
    '!3 = !{!"llvm.loop.unroll.disable"}',
)


def type_of(dtype: np.dtype) -> str:
    return "i8" if dtype == BOOL else f"i{dtype.itemsize * 8}"


def unsigned(dtype: np.dtype) -> bool:
    return dtype.kind in "bu"


def lowest(op: str, dtype: np.dtype) -> int:
    """What a reduction begins with where there is a member."""
    if op == "sum":
        return 0
    if dtype == BOOL:
        return 0 if op == "most" else 1
    info = np.iinfo(dtype)
    return int(info.min if op == "most" else info.max)


class Text:
    """Lines of one function. Values are named in order; a loop's rows are told to be independent of each other."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.count = self.loops = 0

    def say(self, line: str) -> None:
        self.lines.append(line)

    def let(self, text: str) -> str:
        self.count += 1
        self.lines.append(f"  %v{self.count} = {text}")
        return f"%v{self.count}"

    def tag(self, letter: str) -> str:
        self.loops += 1
        return f"{letter}{self.loops - 1}"

    def loop_notes(self) -> list[str]:
        numbers = range(FIRST_LOOP, FIRST_LOOP + self.loops)
        return [*NOTES, *(f"!{n} = distinct !{{!{n}, !1, !2, !3}}" for n in numbers)]

    def at(self, base: str, index: str, kind: str) -> str:
        return self.let(f"getelementptr {kind}, ptr {base}, i64 {index}")

    def store(self, base: str, index: str, dtype: np.dtype, value: str) -> None:
        kind = type_of(dtype)
        self.say(f"  store {kind} {value}, ptr {self.at(base, index, kind)}, !llvm.access.group !0")

    def load(self, base: str, index: str, dtype: np.dtype) -> str:
        kind = type_of(dtype)
        return self.let(f"load {kind}, ptr {self.at(base, index, kind)}, !llvm.access.group !0")

    def field(self, base: str, row: str, width: int, n: int) -> str:
        """The number at place n of a row of `width` numbers."""
        place = self.let(f"add i64 {self.let(f'mul i64 {row}, {width}')}, {n}")
        return self.let(f"load i64, ptr {self.at(base, place, 'i64')}")

    # loops

    def each(self, start: str, end: str, body: Callable[[str], None]) -> None:
        """A loop without branches, from start to before end; its body is written by `body(index)`."""
        tag = self.tag("L")
        self._open(tag, start, end)
        self.say(f"  %{tag}.i = phi i64 [{start}, %{tag}.pre], [%{tag}.next, %{tag}]")
        body(f"%{tag}.i")
        self.say(f"  %{tag}.next = add nuw nsw i64 %{tag}.i, 1")
        self.say(f"  %{tag}.more = icmp slt i64 %{tag}.next, {end}")
        note = f"!llvm.loop !{FIRST_LOOP + int(tag[1:])}"
        self.say(f"  br i1 %{tag}.more, label %{tag}, label %{tag}.end, {note}")
        self.say(f"{tag}.end:")

    def around(self, start: str, end: str, body: Callable[[str], None]) -> None:
        """A loop around other loops."""
        tag = self.tag("R")
        self._open(tag, start, end)
        self.say(f"  %{tag}.i = phi i64 [{start}, %{tag}.pre], [%{tag}.next, %{tag}.last]")
        body(f"%{tag}.i")
        self.say(f"  br label %{tag}.last")
        self.say(f"{tag}.last:")
        self.say(f"  %{tag}.next = add i64 %{tag}.i, 1")
        self.say(f"  %{tag}.more = icmp slt i64 %{tag}.next, {end}")
        self.say(f"  br i1 %{tag}.more, label %{tag}, label %{tag}.end")
        self.say(f"{tag}.end:")

    def _open(self, tag: str, start: str, end: str) -> None:
        self.say(f"  %{tag}.any = icmp slt i64 {start}, {end}")
        self.say(f"  br label %{tag}.pre")
        self.say(f"{tag}.pre:")
        self.say(f"  br i1 %{tag}.any, label %{tag}, label %{tag}.end")
        self.say(f"{tag}:")

    def each_entitled(
        self, states: str, first: str, count: str, yes: int, body: Callable[[str], None]
    ) -> None:
        """Stops at each of `count` states from `first` on that is yes; `body(index)`. Eight are looked at at once,
        since most are no; `yes` is the bit of a state that only yes has."""
        tag, say = self.tag("E"), self.say
        self._open(tag, "0", count)
        say(f"  %{tag}.i = phi i64 [0, %{tag}.pre], [%{tag}.eight, %{tag}.next]")
        at = self.at(states, self.let(f"add i64 {first}, %{tag}.i"), "i8")
        say(f"  %{tag}.eight = add i64 %{tag}.i, 8")
        say(f"  %{tag}.fits = icmp sle i64 %{tag}.eight, {count}")
        left = self.let(f"sub i64 {count}, %{tag}.i")
        say(f"  br i1 %{tag}.fits, label %{tag}.look, label %{tag}.few")
        say(f"{tag}.look:")
        say(f"  %{tag}.all = load i64, ptr {at}, align 1")
        say(f"  br label %{tag}.hits")
        say(f"{tag}.few:")  # the last ones, one by one
        say(f"  %{tag}.j = phi i64 [0, %{tag}], [%{tag}.j1, %{tag}.few]")
        say(f"  %{tag}.w = phi i64 [0, %{tag}], [%{tag}.w1, %{tag}.few]")
        byte = self.let(f"load i8, ptr {self.at(at, f'%{tag}.j', 'i8')}")
        byte = self.let(f"shl i64 {self.let(f'zext i8 {byte} to i64')}, {self.let(f'shl i64 %{tag}.j, 3')}")
        say(f"  %{tag}.w1 = or i64 %{tag}.w, {byte}")
        say(f"  %{tag}.j1 = add i64 %{tag}.j, 1")
        say(f"  %{tag}.jm = icmp slt i64 %{tag}.j1, {left}")
        say(f"  br i1 %{tag}.jm, label %{tag}.few, label %{tag}.hits")
        say(f"{tag}.hits:")
        say(f"  %{tag}.s = phi i64 [%{tag}.all, %{tag}.look], [%{tag}.w1, %{tag}.few]")
        say(f"  %{tag}.m0 = and i64 %{tag}.s, {sum(yes << (8 * n) for n in range(8))}")
        say(f"  %{tag}.none = icmp eq i64 %{tag}.m0, 0")
        say(f"  br i1 %{tag}.none, label %{tag}.next, label %{tag}.hit")
        say(f"{tag}.hit:")
        say(f"  %{tag}.m = phi i64 [%{tag}.m0, %{tag}.hits], [%{tag}.m1, %{tag}.hit]")
        bit = self.let(f"call i64 @llvm.cttz.i64(i64 %{tag}.m, i1 true)")
        body(self.let(f"add i64 %{tag}.i, {self.let(f'lshr i64 {bit}, 3')}"))
        say(f"  %{tag}.m1 = and i64 %{tag}.m, {self.let(f'sub i64 %{tag}.m, 1')}")
        say(f"  %{tag}.no = icmp eq i64 %{tag}.m1, 0")
        say(f"  br i1 %{tag}.no, label %{tag}.next, label %{tag}.hit")
        say(f"{tag}.next:")
        say(f"  %{tag}.more = icmp slt i64 %{tag}.eight, {count}")
        say(f"  br i1 %{tag}.more, label %{tag}, label %{tag}.end")
        say(f"{tag}.end:")

    # arithmetic

    def compare(self, name: str, dtype: np.dtype, a: str, b: str) -> str:
        """0 or 1 in a byte."""
        sign = SIGNS[name]
        if sign not in ("eq", "ne"):
            sign = ("u" if unsigned(dtype) else "s") + sign
        return self.let(f"zext i1 {self.let(f'icmp {sign} {type_of(dtype)} {a}, {b}')} to i8")

    def binary(self, name: str, dtype: np.dtype, a: str, b: str) -> str:
        kind = type_of(dtype)
        if name in PLAIN:
            return self.let(f"{PLAIN[name]} {kind} {a}, {b}")
        sign = ("u" if unsigned(dtype) else "s") + ("lt" if name == "minimum" else "gt")
        return self.let(f"select i1 {self.let(f'icmp {sign} {kind} {a}, {b}')}, {kind} {a}, {kind} {b}")

    def switched(self, dtype: np.dtype, value: str, switch: str, of: np.dtype) -> str:
        """A value times 0 or 1: picked, which is quicker than multiplied."""
        kind = type_of(dtype)
        return self.let(
            f"select i1 {self.let(f'icmp ne {type_of(of)} {switch}, 0')}, {kind} {value}, {kind} 0"
        )

    def cast(self, value: str, from_: np.dtype, to: np.dtype) -> str:
        a, b = type_of(from_), type_of(to)
        if a == b:
            return value
        word = "trunc" if to.itemsize < from_.itemsize else "zext" if unsigned(from_) else "sext"
        return self.let(f"{word} {a} {value} to {b}")

    def divided(self, name: str, dtype: np.dtype, x: str, d: str) -> str:
        """The quotient rounded down, or what remains; `d` is above zero."""
        kind = type_of(dtype)
        q = self._quotient(x, d) if dtype == LONG else self.let(f"sdiv {kind} {x}, {d}")
        rest = self.let(f"sub {kind} {x}, {self.let(f'mul {kind} {q}, {d}')}")
        if dtype == LONG:
            above = self.let(f"icmp sge {kind} {rest}, {d}")
            q = self.let(f"add {kind} {q}, {self.let(f'zext i1 {above} to {kind}')}")
            rest = self.let(f"sub {kind} {rest}, {self.let(f'select i1 {above}, {kind} {d}, {kind} 0')}")
        below = self.let(f"icmp slt {kind} {rest}, 0")
        if name == "remainder":
            return self.let(f"select i1 {below}, {kind} {self.let(f'add {kind} {rest}, {d}')}, {kind} {rest}")
        return self.let(f"add {kind} {q}, {self.let(f'sext i1 {below} to {kind}')}")

    def _quotient(self, x: str, d: str) -> str:
        """At most one off. Processors divide many floats at once, but whole numbers one by one.

        With |x| below 2**62 the float quotient is at most 1,600 off, that of what is left over less than one; by
        4,096 or more the first is less than one off already. Holds for divisors below 2**49.
        """
        fixed = not d.startswith("%")
        by = f"{d}.0" if fixed else self.let(f"sitofp i64 {d} to double")
        found = ""
        for _step in range(1 if fixed and int(d) >= ONE_STEP else 2):
            rest = self.let(f"sub i64 {x}, {self.let(f'mul i64 {found}, {d}')}") if found else x
            part = self.let(f"sitofp i64 {rest} to double")
            if fixed:
                part = self.let(f"fmul double {part}, 0x{np.float64(1 / int(d)).view(np.uint64):016X}")
            else:
                part = self.let(f"fdiv double {part}, {by}")
            part = self.let(f"call double @llvm.floor.f64(double {part})")
            part = self.let(f"fptosi double {part} to i64")
            found = self.let(f"add i64 {found}, {part}") if found else part
        return found
