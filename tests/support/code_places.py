"""Finds in the sources where names come from: constants, functions, what is assigned, and what is called."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
Bound = Mapping[str, ast.expr]


class Source(NamedTuple):
    """A module of ours."""

    root: Path
    name: str
    tree: ast.Module


class Place(NamedTuple):
    """Where an expression stands: names in `bound` are those of comprehensions around it."""

    source: Source
    function: Function | None
    bound: Bound


@cache
def source_of(root: Path, name: str) -> Source | None:
    """A module by its dotted name below `root`."""
    path = root.joinpath(*name.split(".")).with_suffix(".py")
    return Source(root, name, ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else None


def calls(place: Place, tree: ast.AST) -> Iterator[tuple[Place, ast.Call]]:
    """Every call with where it stands."""
    for child in ast.iter_child_nodes(tree):
        inside = place
        if isinstance(child, Function):
            inside = Place(place.source, child, {})
        elif isinstance(child, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
            inside = bound(child.generators, place)
        elif isinstance(child, ast.Call):
            yield place, child
        yield from calls(inside, child)


def bound(generators: list[ast.comprehension], place: Place) -> Place:
    names = {name.id: one.iter for one in generators for name in ast.walk(one.target) if isinstance(name, ast.Name)}
    return place._replace(bound={**place.bound, **names})


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    found = [*arguments.posonlyargs, *arguments.args, *([arguments.vararg] if arguments.vararg else [])]
    return [one for one in (*found, *arguments.kwonlyargs) if one.arg not in ("self", "cls")]


def may_be(function: Function, home: Source, call: ast.Call, source: Source) -> bool:
    """Whether a call of this name is one of that function of `home`: others may have its name."""
    if isinstance(call.func, ast.Name):
        found = find(source, function.name)
        return source is home if found is None else found[1] is function
    if not isinstance(call.func, ast.Attribute) or [one.arg for one in function.args.args][:1] in (["self"], ["cls"]):
        return True
    modules = (node for node in source.tree.body if isinstance(node, ast.ImportFrom))
    names = {alias.asname or alias.name for node in modules for alias in node.names
             if f"{node.module}.{alias.name}" == home.name}  # fmt: skip
    return ast.unparse(call.func.value) in names


def assigned(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    """What a name is given in a function or module, at whatever place."""
    for target, value in assignments(scope):
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            yield from (one for to, one in zip(target.elts, value.elts, strict=True) if _is(to, name))
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Call):
            for at, one in enumerate(target.elts):
                if _is(one, name):
                    yield ast.Subscript(value, ast.Constant(at), ast.Load())
        elif any(_is(one, name) for one in _targets(target)):
            yield value


def assignments(scope: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What is given, and what to; a list that grows is given what it grows by."""
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((target, value) for target in targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
                yield target, value
            case ast.For(target=target, iter=value) | ast.NamedExpr(target=target, value=value):
                yield target, value
            case ast.Call(func=ast.Attribute(value=target, attr="append" | "extend"), args=[value]):
                yield target, value
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                yield target, value


def _targets(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Tuple(elts=inside) | ast.List(elts=inside):
            for one in inside:
                yield from _targets(one)
        case ast.Starred(value=value):
            yield from _targets(value)
        case _:
            yield node


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def find(source: Source, name: str) -> tuple[Source, ast.expr | Function] | None:
    """A constant or a function of a module, wherever it was imported from."""
    for node in source.tree.body:
        if isinstance(node, Function) and node.name == name:
            return source, node
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                other = source_of(source.root, node.module)
                if (alias.asname or alias.name) == name and other is not None:
                    return find(other, alias.name)
    top = ast.Module([one for one in source.tree.body if not isinstance(one, Function | ast.ClassDef)], [])
    given = list(assigned(top, name))
    return (source, given[0] if len(given) == 1 else ast.List(given, ast.Load())) if given else None


def member(source: Source, owner: str, name: str) -> tuple[Source, list[ast.expr]]:
    """What a class of a module, wherever it was imported from, gives to one of its names."""
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == owner:
            top = ast.Module([one for one in node.body if not isinstance(one, Function)], [])
            return source, list(assigned(top, name))
        if isinstance(node, ast.ImportFrom) and node.module:
            other = source_of(source.root, node.module)
            for alias in node.names:
                if (alias.asname or alias.name) == owner and other is not None:
                    return member(other, alias.name, name)
    return source, []


def modules(source: Source) -> Iterator[Source]:
    """Every module of the package that a module is in."""
    for path in sorted((source.root / source.name.split(".", maxsplit=1)[0]).rglob("*.py")):
        found = source_of(source.root, ".".join(path.relative_to(source.root).with_suffix("").parts))
        if found is not None:
            yield found


@cache
def calls_of(source: Source) -> Mapping[str, list[tuple[Place, ast.Call]]]:
    """The calls of a module by the name of what is called."""
    found: dict[str, list[tuple[Place, ast.Call]]] = {}
    for place, call in calls(Place(source, None, {}), source.tree):
        found.setdefault(called(call), []).append((place, call))
    return found
