"""Views in the target's words, bound to what they read or, where that cannot be, late-binding.

Amazon Redshift Database Developer Guide, "CREATE VIEW": WITH NO SCHEMA BINDING creates a view whose tables may come
later or never. Its query must name the schema of every table, and that schema must exist. A view that reads such a view
is made one as well, as it has no columns to bind to.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from .. import codes
from ..ir.catalog import Clause, View
from ..ir.names import Name, QName
from ..severity import Severity
from ..source import Span
from . import refresh, written
from .context import Context
from .reach import in_dictionary

if TYPE_CHECKING:
    from ..ir.fragment import Known, Translated


def finish(view: View, ctx: Context) -> View:
    """``view`` with its target text. Sets ``ctx.stub`` where its query cannot be translated."""
    run = ctx.run
    query = view.query
    assert query is not None
    columns = run.columns_in(query.text)
    done, translated = ctx.query(query, columns)
    if done is None:
        ctx.stub = (
            ctx.stub
            or manual_code(translated)
            or ctx.say_construct("materialized_view" if view.materialized else "view", query.at)
        )
        return view
    if translated.strange:
        name, offset = translated.strange[0]
        at = query.at
        ctx.say("SC4360", Span(at.file, min(at.start + offset, max(at.end - 1, at.start)), at.end), column=name)
        ctx.stub = "SC4360"
        return view
    run.outputs |= outputs(ctx, view.columns, translated)
    view = written.settled(view, translated.obstacles, ctx)
    clauses = view.clauses
    if _reads_itself(ctx):
        ctx.say("SC4018")
        ctx.stub = "SC4018"
        return view
    if why := _unbound(view, ctx):
        run.lookup.home, run.lookup.within = ctx.options.redshift_schema or "public", query.home
        again = run.translator.query(query.text, columns, query.session).text
        run.lookup.home, run.lookup.within = "", None
        if again is not None:
            ctx.say_construct("no_schema_binding", view.at, why=why)
            clauses = (*clauses, Clause("no_schema_binding", why, view.at))
            done = replace(done, target=again)
            run.unbound.add(ctx.subject)
    refresh.said(view, run.names.relation(view.name), ctx)
    return replace(
        view,
        name=run.names.relation(view.name),
        query=done,
        columns=tuple(Name(run.names.plain(n)) for n in view.columns),
        column_comments=tuple((Name(run.names.plain(n)), text) for n, text in view.column_comments),
        clauses=clauses,
    )


def outputs(ctx: Context, names: Collection[Name], translated: Translated) -> dict[int, dict[str, Known]]:
    """What later queries may know of the columns that this object's query gives, under ``names`` where it lists any."""
    columns = translated.columns
    if columns is None or (names and len(names) != len(columns)):
        return {}
    shown = [n.text for n in names] or [n for n, _ in columns]
    return {ctx.subject: {n: known for n, (_, known) in zip(shown, columns, strict=True)}}


def manual_code(translated: Translated) -> str:
    """The first finding that asks for a person, if any."""
    return next((f.code for f in translated.findings if codes.page(f.code).severity is Severity.MANUAL), "")


def _unbound(view: View, ctx: Context) -> str:
    """Why the view cannot be bound to what it reads; empty where it can, or where it cannot be made at all."""
    run = ctx.run
    if view.materialized or not ctx.legal("no_schema_binding"):
        return ""
    why = ""
    for name in dict.fromkeys(run.lookup.asked):
        subjects = [s for s in run.relations().get(name.name.text, ()) if _same(run.catalog.objects[s].name, name)]
        if not ctx.exists(name):
            if not subjects and not _can_come(name, ctx):
                return ""
            what = "waits for a person" if subjects else "is not in the input"
            why = why or f"it reads {name}, which {what}"
        elif ctx.subject in run.circular and run.circular.intersection(subjects):
            why = why or f"it and {name} need each other"
        elif run.unbound.intersection(subjects):
            why = why or f"it reads {name}, which is not bound either"
    return why


def _reads_itself(ctx: Context) -> bool:
    """Whether a name in the view's query can mean the view alone."""
    run = ctx.run
    own = run.catalog.objects[ctx.subject].name
    same = (n for n in run.lookup.asked if n.name == own.name and _same(n, own))
    return any(run.relations().get(n.name.text) == [ctx.subject] for n in same)


def _same(a: QName, b: QName) -> bool:
    return a.schema == b.schema or None in (a.schema, b.schema)


def _can_come(name: QName, ctx: Context) -> bool:
    """Whether something outside the input may be made later: its schema is there, and it is no dictionary view."""
    if name.link or in_dictionary(name, ctx):
        return False
    schema = ctx.run.names.relation(name).schema
    return schema is None or schema.text in ctx.run.homes
