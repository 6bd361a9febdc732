"""Target templates: SQL of the target with ``:holes``, parsed once, filled often."""

from __future__ import annotations

from collections.abc import Mapping

from .parse import parse_template
from .pieces import Refused
from .rows import RowError
from .tree import Node, copied, exp, nodes, put


class Templates:
    """The parsed templates of one dialect."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._parsed: dict[str, Node] = {}

    def parsed(self, text: str) -> Node:
        """The tree of a template; raises :class:`RowError` for one that cannot be read."""
        tree = self._parsed.get(text)
        if tree is None:
            try:
                tree = parse_template(text, self.dialect)
            except Refused as error:
                raise RowError(f"template {text!r}: {dict(error.params).get('reason', error.code)}") from None
            self._parsed[text] = tree
        return tree

    def fill(self, text: str, holes: Mapping[str, Node | list[Node]]) -> Node:
        """A new tree with ``holes`` in place. A node is used itself the first time and copied after that.

        A list fills a hole among a call's arguments. Raises :class:`RowError` for a hole that nobody fills.
        """
        root = copied(self.parsed(text))
        used: set[str] = set()
        for hole in nodes(root):
            if not isinstance(hole, exp.Placeholder):
                continue
            name = str(hole.this)
            if name not in holes:
                raise RowError(f"template {text!r}: nothing fills :{name}")
            value = holes[name]
            if isinstance(value, list):
                given = [copied(n) if name in used else n for n in value]
            else:
                given = [copied(value) if name in used else value]
            used.add(name)
            if hole is root:
                return given[0]
            target = hole.parent if given and isinstance(given[0], exp.Ordered) else hole
            assert target is not None
            if len(given) == 1:
                put(target, given[0], root)
            else:
                target.replace(given)
        return root
