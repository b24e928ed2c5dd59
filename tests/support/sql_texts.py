"""Follows the text of each SQL statement in the sources back to where its pieces come from.

A piece is fixed when it is a literal, a number (mypy holds annotations to what they say), or made of such: by
f-strings, joins, conditions, constants of modules, names, and what functions are given and return. All else is named.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.support.code_places import (
    Function,
    Place,
    Source,
    assigned,
    assignments,
    bound,
    called,
    calls,
    calls_of,
    find,
    may_be,
    member,
    modules,
    parameters,
    source_of,
)

EXECUTES = {"execute", "executemany", "executescript", "execute_sql", "pragma", "SQL"}
_NUMBERS = re.compile(
    r"int|bool|float|None|(Sequence|Collection|Iterable|Iterator|list|tuple|set|frozenset)\[[\w\s,.\[\]]*\]"
)
_TEXT = re.compile(r"\b(str|bytes|object|Any|[A-Z]\w*Row)\b")
_COUNTING = {"int", "len", "float", "round", "range"}
_PASSING = {"enumerate", "sorted", "reversed", "zip", "tuple", "list", "set", "frozenset", "next", "str", "repr"}
_KEEPING = {"split", "strip", "join", "get", "format", "values", "items", "keys", "copy", "fetchall", "fetchone"}
# What the schema or SQLite itself says.
_SCHEMA = re.compile(r"""\.execute\(f?['"](PRAGMA \w+['"]|SELECT [^?]* FROM sqlite_master\b[^?]*['"])\)""")


class Statement(NamedTuple):
    """A statement that is given to SQLite, and the pieces of its text that are not fixed."""

    module: str
    text: str
    loose: frozenset[str]


def statements(root: Path, package: str) -> Iterator[Statement]:
    """Every statement of the modules of a package, such as `tokendial.store`."""
    for path in sorted(root.joinpath(*package.split(".")).rglob("*.py")):
        source = source_of(root, ".".join(path.relative_to(root).with_suffix("").parts))
        assert source is not None
        for place, call in calls(Place(source, None, {}), source.tree):
            if called(call) in EXECUTES and call.args:
                loose = Tracing().loose(call.args[0], place)
                yield Statement(source.name.removeprefix(f"{package}."), ast.unparse(call.args[0]), frozenset(loose))


class Tracing:
    """Follows one text; what it is following already adds nothing."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int, str]] = set()

    def loose(self, node: ast.expr, place: Place) -> set[str]:
        """The pieces of an expression that are not fixed."""
        match node:
            case ast.Constant() | ast.Compare():
                return set()
            case ast.Name():
                return self._name(node, place)
            case ast.Call():
                return self._call(node, place)
            case ast.IfExp(body=body, orelse=orelse):
                return self._all([body, orelse], place)
            case ast.GeneratorExp() | ast.ListComp() | ast.SetComp():
                return self.loose(node.elt, bound(node.generators, place))
            case ast.Subscript(value=ast.Call() as call, slice=ast.Constant(value=int(place_in))):
                return self._call(call, place, place_in)
            case ast.Subscript(value=value) | ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self.loose(value, place)
            case ast.Attribute():
                return self._attribute(node, place)
            case ast.JoinedStr() | ast.FormattedValue() | ast.BinOp() | ast.UnaryOp() | ast.BoolOp() | ast.Tuple():
                return self._all(_parts(node), place)
            case ast.List() | ast.Set() | ast.Dict():
                return self._all(_parts(node), place)
            case _:
                return {ast.unparse(node)}

    def _all(self, nodes: list[ast.expr], place: Place) -> set[str]:
        return set().union(*(self.loose(node, place) for node in nodes))

    def _attribute(self, node: ast.Attribute, place: Place) -> set[str]:
        """A number, a part of what is fixed, or what methods give to what an object has."""
        if _is_number(place.source, node.attr):
            return set()
        name = ast.unparse(node)
        home, given_there = member(place.source, ast.unparse(node.value), node.attr)
        if given_there:
            return self._all(given_there, Place(home, None, {}))
        if ast.unparse(node.value) != "self":
            return {name} if self.loose(node.value, place) else set()
        if self._again(place.source, 0, name):
            return set()
        given = [
            (value, Place(place.source, function, {}))
            for function in ast.walk(place.source.tree)
            if isinstance(function, Function)
            for target, value in assignments(function)
            if ast.unparse(target) == name
        ]
        return set().union(*(self.loose(*one) for one in given)) if given else {name}

    def _call(self, node: ast.Call, place: Place, item: int | None = None) -> set[str]:
        """What a call gives, or one item of the tuple that it gives."""
        name = called(node)
        if isinstance(node.func, ast.Attribute):
            if _SCHEMA.search(ast.unparse(node)):
                return set()
            given = [node.func.value, *node.args[1 if name == "get" else 0 :]]
            return self._all(given, place) if name in _KEEPING else {ast.unparse(node)}
        if name in _COUNTING:
            return set()
        if name in _PASSING or name[:1].isupper():  # an object is made of what it is given
            return self._all(node.args, place)
        found = find(place.source, name)
        if found is None or not isinstance(found[1], Function):
            return {ast.unparse(node)}
        source, function = found
        if self._again(source, function.lineno, f"() {item}"):
            return set()
        given = [one.value for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None]
        if item is not None and all(isinstance(one, ast.Tuple) for one in given):
            given = [one.elts[item] for one in given if isinstance(one, ast.Tuple)]
        return self._all(given, Place(source, function, {}))

    def _name(self, node: ast.Name, place: Place) -> set[str]:
        if node.id in place.bound:
            return self.loose(place.bound[node.id], place._replace(bound={}))
        function = place.function
        if self._again(place.source, function.lineno if function else 0, node.id):
            return set()
        if function is not None:
            given = list(assigned(function, node.id))
            parameter = next((one for one in parameters(function) if one.arg == node.id), None)
            if parameter is not None:
                return self._all(given, place) | self._parameter(parameter, function, place)
            if given:
                return self._all(given, place)
        found = find(place.source, node.id)
        if found is None or isinstance(found[1], Function):
            return {node.id}
        return self.loose(found[1], Place(found[0], None, {}))

    def _parameter(self, parameter: ast.arg, function: Function, place: Place) -> set[str]:
        """A number by its annotation, or what every caller gives."""
        annotation = "" if parameter.annotation is None else ast.unparse(parameter.annotation)
        if _numbers(annotation):
            return set()
        found, called_at = set[str](), 0
        position = [one.arg for one in parameters(function)].index(parameter.arg)
        more = None if parameter is function.args.vararg else position + 1
        for source in modules(place.source):
            for inside, call in calls_of(source).get(function.name, []):
                if may_be(function, place.source, call, source):
                    called_at += 1
                    named = [one.value for one in call.keywords if one.arg == parameter.arg]
                    found |= self._all(named or call.args[position:more], inside)
        return found if called_at else {parameter.arg}

    def _again(self, source: Source, line: int, name: str) -> bool:
        key = (source.name, line, name)
        known = key in self._seen
        self._seen.add(key)
        return known


def _parts(node: ast.expr) -> list[ast.expr]:
    return [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]


@cache
def _fields(root: Path, package: str) -> Mapping[str, bool]:
    """The fields of all classes of a package, and whether one is a number in each class that has it."""
    found: dict[str, bool] = {}
    for path in sorted(root.joinpath(*package.split(".")).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for field in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    name = field.target.id
                    found[name] = _numbers(ast.unparse(field.annotation)) and found.get(name, True)
    return found


def _numbers(annotation: str) -> bool:
    return all(_NUMBERS.fullmatch(one.strip()) and not _TEXT.search(one) for one in annotation.split(" | "))


def _is_number(source: Source, field: str) -> bool:
    return _fields(source.root, source.name.rpartition(".")[0]).get(field, False)
