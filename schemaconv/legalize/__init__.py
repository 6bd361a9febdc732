"""Source catalog to legal catalog: the target accepts every part of what comes out, and what could not is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .. import graph
from ..diagnostics import Log
from ..engines import Engine, profile
from ..ir.catalog import (
    Catalog,
    Comment,
    Constraint,
    Counter,
    Data,
    DefaultChange,
    Grant,
    Index,
    Item,
    Object,
    Other,
    Role,
    Routine,
    Schema,
    Sequence,
    Synonym,
    Table,
    UserType,
    View,
)  # fmt: skip
from ..ir.change import Change
from ..ir.names import Name, QName
from ..ir.version import RowVersion
from ..options import Options
from ..report.model import Renamed
from ..rewrites.api import DROPPED
from ..rulefiles import RuleError
from ..source import Span
from ..sql.secrets import redacted
from ..statistics import load
from . import (
    callers,
    collation,
    defaults,
    foreign,
    grants,
    limits,
    package_state,
    physical,
    psm_packages,
    reach,
    support,
)
from .constructs import gone
from .context import Context, Run, origin
from .finish import finish, typed
from .functions import Translator
from .lookup import Lookup
from .loop import legalize as run_rewrites
from .names import NameMap

__all__ = ["Legal", "legalize"]


@dataclass(frozen=True, slots=True)
class Legal:
    """What the printer gets, the name map, and for each object the objects it needs."""

    items: tuple[Item, ...]
    names: tuple[Renamed, ...]
    needs: dict[int, tuple[int, ...]]
    tail: tuple[str, ...] = ()  # comments behind which nothing is printed any more


def legalize(
    catalog: Catalog, target: Engine, options: Options, log: Log, progress: Callable[[int], None] | None = None
) -> Legal:
    """Make every object of ``catalog`` legal on ``target``; findings go to ``log``, each with its object."""
    names = NameMap(catalog, profile(target), options, log)
    lookup = Lookup(names)
    translator = Translator(target, options, lookup, catalog.engine)
    run = Run(catalog, profile(target), options, log, names, translator, lookup)
    lookup.run = run
    _prepare(run)
    if run.profile.traits.get("distribution_keys"):
        run.statistics = load(options.statistics)
        run.designs = physical.prepare(run)
    before = graph.needs(catalog)
    parents = graph.parents(catalog)
    both = {s: tuple(sorted({*before.get(s, ()), *parents.get(s, ())})) for s in {*before, *parents}}
    done: dict[int, tuple[Item, ...]] = {}
    _circles(run, before)
    position: dict[int, int] = {}
    ordered = graph.order(catalog.objects, both)
    # what speaks of other objects comes last, when it is known which of them are printed
    ordered.sort(key=lambda subject: isinstance(catalog.objects[subject], _SPEAKING))
    for place, subject in enumerate(ordered):
        position[subject] = place
        done[subject] = _safely(run, subject)
        if progress is not None:
            progress(place + 1)
    callers.settle(done, run, _stub)
    tail = _comments_kept(done, run) if options.comments == "keep" else ()
    psm = run.profile.traits.get("routine_language") == "psm"
    functions = psm_packages.functions if psm else package_state.functions
    items = [item for subject in ordered for item in (*done[subject], *functions(run, subject))]
    items = _detached(_in_time(items, run), position, run)
    items = [*grants.schemas(items), *grants.with_grantees(items, run)]
    items = [*collation.prelude(run.prelude), *support.emitted(items, run), *items]
    return Legal(tuple(items), tuple(names.renamed), {**before, **both}, tail)


#: What speaks of other objects.
_SPEAKING = (Comment, Counter, Data, DefaultChange, Grant)
#: The code of our own defects, and that of a password which a stub does not show.
INTERNAL, CREDENTIAL = "SC9001", "SC1043"

#: What the client does, in front of which authors put the comments of the statements that follow.
_PASSED_OVER = frozenset(
    {"client_command", "bteq_command", "sqlcmd_command", "session_setting", "transaction_control", "dynamic_block"}
)


def _comments_kept(done: dict[int, tuple[Item, ...]], run: Run) -> tuple[str, ...]:
    """Comments above a line that is not printed go to the next object that is; the rest is returned."""
    carried: tuple[str, ...] = ()
    first = True
    for subject, found in enumerate(run.catalog.objects):
        items = done[subject]
        quiet = [i for i in items if isinstance(i.object, Routine) and i.object.module is not None and not i.stub]
        if quiet and found.notes.before:  # a package's body, which is nothing of its own
            carried += found.notes.before
        elif not items:
            kept = first or (isinstance(found, Other) and found.construct in _PASSED_OVER)
            carried += found.notes.before if kept else ()
        elif carried:
            notes = replace(items[0].object.notes, before=carried + items[0].object.notes.before)
            done[subject] = (replace(items[0], object=replace(items[0].object, notes=notes)), *items[1:])
            carried = ()
        first = False
    return carried


def _prepare(run: Run) -> None:
    for subject, found in enumerate(run.catalog.objects):
        if gone(found):
            run.absent.add(subject)
        elif isinstance(found, Table) and not found.partial:
            run.tables.setdefault(found.name.name.text, []).append(subject)
            for column in found.columns:
                if column.default is not None and column.draws is not None:
                    run.drawn.setdefault(column.draws.name.text, []).append(found)
    indexed: dict[int, set[Name]] = {}
    for found in run.catalog.objects:
        if isinstance(found, Index) and not gone(found) and (table := run.table(found.table)) is not None:
            if found.unique:
                run.uniques.setdefault(table[0], []).append(found)
            indexed.setdefault(table[0], set()).update(p.column for p in found.parts if p.column is not None)
    run.indexed = {s: frozenset(n) for s, n in indexed.items()}
    for subject, found in enumerate(run.catalog.objects):
        if isinstance(found, Table):
            for k in found.constraints:
                if k.references is not None and (parent := run.table(k.references)) is not None:
                    run.children.setdefault(parent[0], []).append(subject)
    foreign.prepare(run)
    made = (o.name.schema for o in run.catalog.objects if isinstance(o, (Schema, Table, View)) and not gone(o))
    run.homes = frozenset(home.text for schema in made if (home := run.names.schema(schema)) is not None)


def _circles(run: Run, before: dict[int, tuple[int, ...]]) -> None:
    run.circular = graph.circular(before)
    if run.profile.legal("no_schema_binding"):
        return  # views there need not find what they read
    for subject in run.circular:
        found = run.catalog.objects[subject]
        if isinstance(found, Routine):
            continue  # routines find each other when they run
        Context(run, subject, found.at, origin(found)).say("SC4018")
        run.absent.add(subject)


def _safely(run: Run, subject: int) -> tuple[Item, ...]:
    """One object; a defect of ours costs that object only, and is said as what it is."""
    try:
        return _object(run, subject)
    except (RuleError, MemoryError):
        raise
    except Exception as error:
        found = run.catalog.objects[subject]
        ctx = Context(run, subject, found.at, str(found.name))
        ctx.say(INTERNAL, None, message=f"{type(error).__name__}: {error}")
        run.absent.add(subject)
        return (_stub(found, ctx, INTERNAL),)


def _object(run: Run, subject: int) -> tuple[Item, ...]:
    found = run.catalog.objects[subject]
    ctx = Context(run, subject, found.at, str(found.name))
    if (clause := gone(found)) is not None:
        ctx.say_construct(clause.construct, clause.at, clause.text)
        return ()
    if subject in run.absent:
        return (_stub(found, ctx, "SC4018"),)
    rights = isinstance(found, (Grant, Role)) or (isinstance(found, Comment) and found.on == "role")
    if rights and run.options.grants == "drop":
        return ()
    if isinstance(found, Table):
        found = replace(found, constraints=tuple(replace(k, number=n) for n, k in enumerate(found.constraints)))
        found = typed(defaults.first(found, ctx), ctx)
    legal = run_rewrites(found, ctx)
    if isinstance(legal, Other):
        ctx.stub = ctx.stub or DROPPED  # it has been said what it is; there is nothing to print
    run.lookup.asked.clear()
    run.lookup.enter(subject, found)
    executed = isinstance(found, Data) or (isinstance(found, Table) and found.query is not None)
    run.lookup.since = found.at if executed else None
    if not ctx.stub:
        legal = finish(legal, ctx)
    if not ctx.stub:
        legal = limits.apply(legal, ctx)
    if not ctx.stub and isinstance(found, Table) and isinstance(legal, Table) and ctx.trait("distribution_keys"):
        legal = physical.shape(found, legal, ctx)
    if not ctx.stub and isinstance(legal, Table):
        run.final[subject] = legal
    if not ctx.stub:
        _outside(found, ctx)
    if isinstance(found, Table) and found.partitioning is not None:
        assert isinstance(legal, Table)
        if legal.partitioning is None:
            run.whole.add(subject)
    extra = tuple(one for item in ctx.extra for one in _further(item, ctx))
    if ctx.stub == DROPPED:
        if not extra:
            run.absent.add(subject)
        return extra
    if ctx.stub:
        run.absent.add(subject)
        return (*extra, _stub(legal, ctx, ctx.stub))
    if ctx.held:
        run.absent.add(subject)
        message = _message(run, subject, ctx.held)
        extra = tuple(_held(item, ctx.held, message) for item in extra)
        return _around(extra, Item(subject, legal, stub=ctx.held, stub_message=message, held=True))
    return _around(extra, Item(subject, legal))


def _around(extra: tuple[Item, ...], item: Item) -> tuple[Item, ...]:
    """``item`` between what it needs and what needs it."""
    behind = tuple(e for e in extra if isinstance(e.object, RowVersion))
    return (*(e for e in extra if e not in behind), item, *behind)


def _further(item: Item, ctx: Context) -> tuple[Item, ...]:
    """An object that a rewrite has added goes through the same mill, and so does what it adds."""
    own = Context(ctx.run, ctx.subject, ctx.at, ctx.name)
    made = replace(item, object=finish(run_rewrites(item.object, own), own))
    return (*(one for extra in own.extra for one in _further(extra, own)), made)


def _held(item: Item, code: str, message: str) -> Item:
    """What belongs to an object that is held back is held back with it: rights, what counts
    versions of rows, triggers of other events."""
    held = isinstance(item.object, (Grant, Sequence, RowVersion, Routine))
    return replace(item, stub=code, stub_message=message, held=True) if held else item


def _message(run: Run, subject: int, code: str) -> str:
    return next((d.message for d in run.log.of(subject) if d.code == code), "")


def _stub(found: Object, ctx: Context, code: str) -> Item:
    source = ctx.run.catalog.objects[ctx.subject]
    texts = []
    for at in (source.at, *source.also):
        if at.file >= 0 and source.kind not in ("role", "database_link"):
            text = _outside_of_members(source, at, ctx.run.catalog.files[at.file].text).strip()
            texts.append(redacted(text))
            if texts[-1] != text:
                ctx.say(CREDENTIAL)
    return Item(ctx.subject, found, code, _message(ctx.run, ctx.subject, code), "\n".join(texts))


def _outside_of_members(found: Object, at: Span, text: str) -> str:
    """The text of a statement; that of a package without its subprograms, which are objects of their own."""
    parts, start = [], at.start
    for inside in found.module.members if isinstance(found, Routine) and found.module is not None else ():
        if at.file == inside.file and at.start <= inside.start:
            parts.append(text[start : inside.start])
            start = inside.end
    return "".join([*parts, text[start : at.end]])


def _outside(found: Object, ctx: Context) -> None:
    """An object that needs another which is not printed is held back: converted, but behind comment marks."""
    run = ctx.run
    missing: QName | None = None
    match found:
        case Index():
            table = run.table(found.table)
            absent = table[0] in run.absent if table is not None else not ctx.exists(found.table)
            missing = found.table if absent else None
        case Change():
            missing = found.name
        case Table() if found.partial:
            missing = found.name
        case Grant() if found.on is not None and found.on_kind == "schema":
            home = run.names.schema(None if found.on.name.text == run.names.own else found.on.name)
            missing = None if home is None or home.text in run.homes else found.on
        case Grant() if found.on is not None:
            missing = None if ctx.exists(found.on) else found.on
        case Comment() if found.on not in ("schema", "role"):
            missing = None if ctx.exists(found.name) else found.name
        case View() if ctx.subject in run.unbound:
            pass
        case Data() | View() | Synonym():
            missing = next(ctx.relations_missing(), None)
            if missing is None and isinstance(found, Data):
                name = run.catalog.now(found.name, found.at)
                missing = None if ctx.exists(name) else name
        case Routine() if found.kind != "script":
            reach.name_strangers(ctx)
        case Routine():
            missing = next(ctx.relations_missing(), None)
        case Table() if found.query is not None:
            missing = next(ctx.relations_missing(), None)
        case UserType():
            missing = next((n for n in _types_of(found) if not ctx.exists(n)), None)
        case _:
            pass
    if missing is not None:
        ctx.say("SC3142", None, needed=str(missing))
        ctx.held = "SC3142"


def _types_of(found: UserType) -> list[QName]:
    """The user types that a type is made of."""
    types = [a.type for a in found.attributes] + [found.of]
    return [t.user for t in types if t.kind == "user" and t.user is not None]


def _in_time(items: list[Item], run: Run) -> list[Item]:
    """Tables made from a query hold the rows that were there at their place in the script: data before them comes
    first, data behind them later."""
    places = [i for i, item in enumerate(items) if _moves_rows(item, run)]
    if not any(isinstance(items[i].object, Table) for i in places):
        return items
    last: dict[str, int] = {}  # of a table made from a query: it never comes before one that it reads
    order: list[tuple[int, int]] = []
    for i in places:
        found, key = items[i].object, items[i].subject
        if isinstance(found, Table):
            source = run.catalog.objects[key]
            assert isinstance(source, Table) and source.query is not None
            key = max([key, *(last[w] for w in run.words(source.query.text) if w in last)])
            last[source.name.name.text] = key
        order.append((key, i))
    moved = [items[i] for _, i in sorted(order)]
    out = list(items)
    for i, item in zip(places, moved, strict=True):
        out[i] = item
    return out


def _moves_rows(item: Item, run: Run) -> bool:
    if item.stub or item.subject < 0:
        return False
    source = run.catalog.objects[item.subject]
    made = isinstance(source, Table) and source.query is not None
    return made or isinstance(item.object, (Data, Counter, DefaultChange))


# -- the order of output ---------------------------------------------------------------------------------------------


def _detached(items: list[Item], position: dict[int, int], run: Run) -> list[Item]:
    """Foreign keys that cannot stand in their table: to a later one, of a circle, or all where files split."""
    split = run.options.layout == "split"
    seen: set[QName] = set()
    out = []
    for item in items:
        found = item.object
        if isinstance(found, Table):
            seen.add(found.name)

            def late(k: Constraint, own: QName = found.name) -> bool:
                if k.kind != "foreign_key":
                    return False
                return split or k.added or (k.references != own and k.references not in seen)

            if any(late(k) for k in found.constraints):
                marked = tuple(replace(k, detached=True) if late(k) else k for k in found.constraints)
                item = replace(item, object=replace(found, constraints=marked))
        out.append(item)
    return out
