"""Reads the programme files of a pack: a small part of Python, checked before it is run.

Allowed: imports from yiwang.core.policy; functions and classes with decorators; assignments; arithmetic, comparisons,
& | ~; calls; `for` over written-out tuples. Every attribute must be a fact, a figure, a programme or a method of the
policy API. No builtins, no branches, no loops without an end, nothing that begins with an underscore.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yiwang.core.policy import columns, formulas
from yiwang.core.policy.errors import PolicyError
from yiwang.core.policy.facts import Facts
from yiwang.core.policy.formulas import Formula, Programme, ProgrammeDef, programme_of

#: What a programme file may import.
NAMES: Mapping[str, Any] = {
    "Programme": Programme,
    "all_of": columns.all_of,
    "amount": formulas.amount,
    "any_of": columns.any_of,
    "choose": columns.choose,
    "condition": formulas.condition,
    "figure": formulas.figure,
    "household": formulas.household,
    "least": columns.least,
    "most": columns.most,
    "person": formulas.person,
}
#: Attributes that are not facts, figures or programmes.
METHODS = frozenset(
    "all amount any cited count ended household is_in max members min months none parameter since sum today "
    "years".split()
)
# What formulas can lay hands on besides persons and households. A fact or figure of such a name would open the way to
# it, and from there to arrays that can write files.
_WITHIN_REACH = (
    columns.Number,
    columns.Truth,
    columns.Choice,
    columns.Rate,
    Formula,
    formulas.Version,
    Programme,
    type(lambda: None),
    type,
    int,
    bool,
    str,
    tuple,
    list,
)
RESERVED = (
    frozenset(name for kind in _WITHIN_REACH for name in dir(kind)) | frozenset(vars(Formula("", "", "")))
) - METHODS
_ALLOWED = (
    ast.Module, ast.ImportFrom, ast.alias, ast.FunctionDef, ast.ClassDef, ast.arguments, ast.arg, ast.Return,
    ast.Assign, ast.AnnAssign, ast.Expr, ast.For, ast.Call, ast.keyword, ast.Attribute, ast.Name, ast.Constant,
    ast.Tuple, ast.List, ast.BinOp, ast.UnaryOp, ast.Compare, ast.GeneratorExp, ast.ListComp, ast.comprehension,
    ast.Starred, ast.Pass, ast.expr_context, ast.operator, ast.unaryop, ast.cmpop,
)  # fmt: skip
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.BitAnd, ast.BitOr)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_WORDS = {ast.And: ("and", "&"), ast.Or: ("or", "|"), ast.Not: ("not", "~")}
_PLAIN = {
    "If": "if", "IfExp": "if", "While": "while", "Try": "try", "With": "with", "Import": "import", "Lambda": "lambda",
    "Global": "global", "Raise": "raise", "Delete": "del", "JoinedStr": "an f-string", "Dict": "a dictionary",
    "Assert": "assert", "Yield": "yield", "Await": "await", "NamedExpr": ":=", "Div": "/ (use //)", "Pow": "**",
    "AugAssign": "a changing assignment such as +=", "Is": "is", "In": "in (use is_in)", "DictComp": "a dictionary",
}  # fmt: skip
MOST_CHARS = 200_000


class Texts:
    """The programme files of one pack, read and run: its figures and programmes."""

    def __init__(self, facts: Facts, files: Mapping[str, str], parameters: Iterable[str] | None = None):
        """`files`: the text of each by its name. Raises PolicyError with file and line."""
        self.figures: dict[str, Formula] = {}
        self.programmes: dict[str, ProgrammeDef] = {}
        self.files = dict(files)
        self.file_of: dict[str, str] = {}
        self.plans: dict[tuple, Any] = {}  # compiled functions by what they depend on, see `fused`
        trees = {file: _parsed(file, text) for file, text in files.items()}
        names = _defined(trees)
        known = _Known(facts, names, None if parameters is None else set(parameters))
        for file, tree in trees.items():
            known.check(file, tree)
            self._run(file, tree)

    def _run(self, file: str, tree: ast.Module) -> None:
        space: dict[str, Any] = {"__builtins__": {"__build_class__": __build_class__}, "__name__": file}
        tree.body = [node for node in tree.body if not isinstance(node, ast.ImportFrom)]
        space |= NAMES
        lines = {node.name: node.lineno for node in tree.body if isinstance(node, ast.ClassDef)}
        code = compile(tree, file, "exec")
        try:
            exec(code, space)  # noqa: S102 - checked above: see this module's docstring
        except PolicyError as wrong:
            raise wrong.at(file, line_of(wrong, {file})) from None
        except Exception as wrong:  # noqa: BLE001 - a pack's own code raises what it likes; file and line are told
            raise PolicyError(
                "failed",
                file=file,
                line=line_of(wrong, {file}),
                name=file,
                problem=f"{type(wrong).__name__}: {wrong}",
            ) from None
        for name, found in space.items():
            if name in NAMES:
                continue
            if isinstance(found, Formula):
                self.figures[found.slug] = found
                self.file_of[found.slug] = file
            elif isinstance(found, type) and issubclass(found, Programme):
                slug = slug_of(name)
                self.programmes[slug] = programme_of(found, slug, file, lines[name])


def slug_of(name: str) -> str:
    """MinimumGuarantee → minimum_guarantee."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def line_of(wrong: BaseException, files: Iterable[str]) -> int:
    """The line of the programme file at which an exception arose."""
    line, step = 1, wrong.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename in files:
            line = step.tb_lineno
        step = step.tb_next
    return line


def _parsed(file: str, text: str) -> ast.Module:
    if len(text) > MOST_CHARS:
        raise PolicyError("too_long", file=file, line=1, most=MOST_CHARS)
    try:
        return ast.parse(text, file)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as wrong:
        line = getattr(wrong, "lineno", 1) or 1
        raise PolicyError("syntax", file=file, line=line, problem=getattr(wrong, "msg", str(wrong))) from None


def _defined(trees: Mapping[str, ast.Module]) -> dict[str, str]:
    """What the files define: figures and programmes by name, each with its place. Raises PolicyError `twice`."""
    found: dict[str, str] = {}
    here: dict[str, str] = {}
    for file, tree in trees.items():
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            name = slug_of(node.name) if isinstance(node, ast.ClassDef) else node.name
            later = any(
                isinstance(d, ast.Call) and isinstance(d.func, ast.Attribute) and d.func.attr == "since"
                for d in node.decorator_list
            )
            if name in found and not (later and here[name] == file):
                raise PolicyError("twice", file=file, line=node.lineno, name=name, first=found[name])
            if name not in found:
                found[name], here[name] = f"{file}:{node.lineno}", file
    return found


def _walked(node: ast.AST, line: int) -> Iterator[tuple[ast.AST, int]]:
    """Every node with its line; operators have none of their own and stand on that of their expression."""
    line = getattr(node, "lineno", line)
    yield node, line
    for child in ast.iter_child_nodes(node):
        yield from _walked(child, line)


class _Known:
    """What a programme file may name."""

    def __init__(self, facts: Facts, defined: Mapping[str, str], parameters: set[str] | None):
        self.names = {fact.slug for fact in facts} | set(defined)
        self.defined, self.parameters, self.facts = defined, parameters, facts
        for fact in facts:
            if fact.slug in RESERVED or fact.slug in METHODS:
                raise PolicyError("reserved", file="variables.yaml", line=1, name=fact.slug)

    def check(self, file: str, tree: ast.Module) -> None:
        for node, line in _walked(tree, 1):
            for code, params in self._wrong(node):
                raise PolicyError(code, file=file, line=line, **params)
        for name, place in self.defined.items():
            if name in RESERVED and place.startswith(f"{file}:"):
                raise PolicyError("reserved", file=file, line=int(place.rpartition(":")[2]), name=name)
            if (name in self.facts or name in METHODS) and place.startswith(f"{file}:"):
                line = int(place.rpartition(":")[2])
                first = "variables.yaml" if name in self.facts else "yiwang.core.policy"
                raise PolicyError("twice", file=file, line=line, name=name, first=first)

    def _wrong(self, node: ast.AST) -> Iterator[tuple[str, dict[str, Any]]]:
        kind = type(node)
        if isinstance(node, ast.BoolOp) or kind is ast.Not or isinstance(node, ast.UnaryOp):
            word = _WORDS.get(type(node.op)) if isinstance(node, ast.BoolOp | ast.UnaryOp) else None
            if word:
                yield "word", {"found": word[0], "use": word[1]}
        elif isinstance(node, ast.boolop):
            return
        elif kind is ast.ImportFrom:
            yield from self._import(node)
        elif kind is ast.Attribute:
            yield from self._attribute(node)
        elif (
            kind is ast.Name
            and node.id.startswith("_")
            or kind is ast.arg
            and node.arg.startswith("_")
            or kind is ast.FunctionDef
            and node.name.startswith("_")
        ):
            yield "not_allowed", {"what": "a name that begins with _"}
        elif (
            isinstance(node, ast.operator)
            and kind not in _OPERATORS
            or isinstance(node, ast.cmpop)
            and kind not in _COMPARISONS
        ):
            yield "not_allowed", {"what": _PLAIN.get(kind.__name__, kind.__name__)}
        elif kind is ast.Compare and len(node.ops) > 1:
            yield "not_allowed", {"what": "a comparison of three (write two, with &)"}
        elif (
            kind is ast.For
            and not isinstance(node.iter, ast.Tuple | ast.List)
            or kind is ast.comprehension
            and not isinstance(node.iter, ast.Tuple | ast.List)
        ):
            yield "not_allowed", {"what": "a loop over anything but a written-out list"}
        elif not isinstance(node, _ALLOWED):
            yield "not_allowed", {"what": _PLAIN.get(kind.__name__, kind.__name__)}
        elif kind is ast.Call:
            yield from self._call(node)

    def _import(self, node: ast.ImportFrom) -> Iterator[tuple[str, dict[str, Any]]]:
        for name in node.names:
            if node.module != "yiwang.core.policy" or node.level or name.name not in NAMES or name.asname:
                yield "import", {"name": f"{node.module}.{name.name}"}

    def _attribute(self, node: ast.Attribute) -> Iterator[tuple[str, dict[str, Any]]]:
        if node.attr.startswith("_") or not isinstance(node.ctx, ast.Load):
            yield "not_allowed", {"what": f"the attribute {node.attr}"}
        elif node.attr not in METHODS and node.attr not in self.names:
            yield "unknown_name", {"name": node.attr, "word": node.attr, "known": self.names | METHODS}

    def _call(self, node: ast.Call) -> Iterator[tuple[str, dict[str, Any]]]:
        given = node.args[0] if node.args else None
        if not isinstance(node.func, ast.Attribute) or not isinstance(given, ast.Constant):
            return
        if (
            node.func.attr == "parameter"
            and self.parameters is not None
            and given.value not in self.parameters
        ):
            yield "no_parameter", {"name": given.value, "word": str(given.value), "known": self.parameters}
        if node.func.attr == "amount" and given.value not in self.defined:
            yield "no_programme", {"name": given.value, "word": str(given.value), "known": self.defined}
