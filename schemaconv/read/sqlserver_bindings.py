"""Default and rule objects, and alias types: what columns get from them.

Source: Transact-SQL reference, "CREATE DEFAULT", "CREATE RULE", "sp_bindefault", "sp_bindrule", "CREATE TYPE".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from ..ir.catalog import Column, Constraint, Other, Table, UserType
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..source import SourceFile, Span
from .base import Builder, statement_other
from .cursor import Cursor
from .tsql_split import lex

_NULL: Final = re.compile(r"\bNULL\b", re.IGNORECASE)
_NO_DEFAULT: Final = re.compile(r"\bDEFAULT\s*\(*\s*NULL\b", re.IGNORECASE)


@dataclass(slots=True)
class _Bound:
    subject: int
    text: Fragment
    rule: bool
    used: bool = False


class Bindings:
    """The default and rule objects of the script."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.known: dict[str, _Bound] = {}

    def define(self, c: Cursor, rule: bool, at: Span) -> None:
        """CREATE DEFAULT or CREATE RULE, the cursor behind the word."""
        name = c.qname()
        c.expect("AS")
        start = c.at
        c.at = c.count
        if c.at == start:
            raise c.error("an expression expected")
        found = replace(
            statement_other("rule_object" if rule else "default_object", "other", str(name), at, c.raw(0)),
            name=name,
        )
        self.known[name.name.text] = _Bound(self.builder.add(found), c.fragment(start), rule)

    def bind(self, bound: list[str], target: list[str], rule: bool, at: Span) -> bool:
        """Bind a default or rule to ``table.column`` or to a type; without ``bound``, take it off. Whether it could."""
        known = self.known.get(bound[-1].upper()) if bound else None
        if not target or (bound and (known is None or known.rule != rule)):
            return False
        text = known.text if known is not None else None
        done = self._to_column(target, text, rule, at) or self._to_type(target, text, rule, at)
        if done and known is not None:
            known.used = True
        return done

    def _to_column(self, target: list[str], text: Fragment | None, rule: bool, at: Span) -> bool:
        if len(target) < 2:
            return False
        schema = Name(target[-3].upper()) if len(target) > 2 and target[-3].upper() != "DBO" else None
        subject = self.builder.find(QName(schema, Name(target[-2].upper())), Table)
        if subject is None:
            return False
        table = self.builder.get(subject, Table)
        column = next((k for k in table.columns if k.name.text == target[-1].upper()), None)
        if column is None:
            return False
        if not rule:
            changed = tuple(replace(k, default=text) if k is column else k for k in table.columns)
            self.builder.change(subject, replace(table, columns=changed), at)
        elif text is not None:
            self.builder.change(subject, replace(table, constraints=(*table.constraints, ruled(column, text))), at)
        else:
            return False
        return True

    def _to_type(self, target: list[str], text: Fragment | None, rule: bool, at: Span) -> bool:
        for subject in self.builder.called(target[-1].upper()):
            found = self.builder.objects[subject]
            if isinstance(found, UserType):
                self.builder.change(subject, replace(found, check=text) if rule else replace(found, default=text), at)
                return True
        return False

    def resolve(self, files: list[SourceFile]) -> None:
        """Give columns what their alias types bring along, and name what is bound to nothing."""
        builder = self.builder
        aliases = {
            o.name.name.text: o for o in builder.objects if isinstance(o, UserType) and o.form == "alias"
        }
        for subject, found in enumerate(builder.objects):
            if isinstance(found, Table) and aliases and any(k.type.kind == "user" for k in found.columns):
                builder.objects[subject] = _resolved(found, aliases, files)
        for known in self.known.values():
            if not known.used:
                found = builder.objects[known.subject]
                assert isinstance(found, Other)
                builder.objects[known.subject] = replace(found, construct="unbound_object")


def _resolved(table: Table, aliases: dict[str, UserType], files: list[SourceFile]) -> Table:
    columns = []
    rules: list[Constraint] = []
    for k in table.columns:
        alias = aliases.get(k.type.user.name.text) if k.type.kind == "user" and k.type.user is not None else None
        if alias is not None:
            if alias.not_null and not k.not_null and not _says_null(k, files):
                k = replace(k, not_null=True)
            if alias.default is not None and k.default is None:
                k = replace(k, default=alias.default)
            if alias.check is not None:
                rules.append(ruled(k, alias.check))
        columns.append(k)
    return replace(table, columns=tuple(columns), constraints=(*table.constraints, *rules))


def _says_null(column: Column, files: list[SourceFile]) -> bool:
    if column.at.file < 0:
        return False
    text = files[column.at.file].text[column.at.start : column.at.end]
    return _NULL.search(_NO_DEFAULT.sub("", text)) is not None


def ruled(column: Column, rule: Fragment) -> Constraint:
    """A check constraint that says of ``column`` what the rule says of its variable."""
    name = f"[{column.name.text.replace(']', ']]')}]"
    text = rule.text
    piece = lex(text, "sql")
    for token, start, end in reversed(list(zip(piece.texts, piece.starts, piece.ends, strict=False))):
        if token[0] == "@" and token[:2] != "@@":
            text = text[:start] + name + text[end:]
    return Constraint("check", None, (), rule.at, check=Fragment(text, rule.at))
