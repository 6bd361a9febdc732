"""What a package itself becomes: its schema, its constants as functions, its variables as settings of the session.

A variable is kept as an array of one element, whose text tells NULL from a setting that was never made: settings are
texts without NULL (manual, "Customized Options"). What runs when a package is first used is a procedure that its public
subprograms call first. All of it comes with the package's own object, and variables only where something uses them.
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.catalog import Item, Notes, Object, Prelude, Routine, Schema
from ..ir.fragment import Fragment
from ..ir.names import Name, QName
from ..ir.routine import (
    Assign,
    Block,
    Body,
    Call,
    Condition,
    CursorVariable,
    Declaration,
    If,
    NamedType,
    Nothing,
    OtherDeclaration,
    Parameter,
    Program,
    Ready,
    RecordType,
    Return,
    Sql,
    Typed,
    Variable,
)  # fmt: skip
from ..source import NOWHERE
from ..sql.kinds import family
from .context import Context, Run
from .packages import Key
from .routines import Coder
from .routines import finish as routine


def finish(found: Routine, ctx: Context) -> Object:
    """The package's object on the target; its parts are kept for those that use them."""
    run = ctx.run
    module = found.module
    assert module is not None
    key = run.packages.canonical(found.name)
    coder = _Coder(found, ctx, key)
    try:
        first = coder.first_values()
        block = module.initial
        if first or (block is not None and any(not isinstance(s, Nothing) for s in block.body)):
            run.packages.starting[key] = ctx.subject
            coder.keep_first(first, block)
    finally:
        run.translator.frame = None
    for head in module.heads:
        promised = [r for s, r in run.packages.promised.get((key, head.name.text), ()) if r.at == head.at]
        if promised and _empty(promised[0], ctx, key):
            ctx.say("SC5121", head.at, clause=f"{head.what} {head.name}")
        elif (key, head.name.text) not in run.packages.members:
            run.packages.promised.pop((key, head.name.text), None)
            ctx.say("SC5040", head.at, clause=f"{head.what} {head.name}")
    own = [(n, _of(run, s[0])) for (p, n), s in run.packages.members.items() if p == key]
    hidden = [n for n, member in own if not run.packages.is_public(member)]
    if module.body and hidden and run.packages.as_schemas:
        ctx.say("SC5042", None, clause=", ".join(hidden))
    if coder.stub:
        ctx.stub = coder.stub
        return found
    home = run.packages.home(key)
    first_of_it = run.packages.modules[key][0] == ctx.subject
    if run.packages.as_schemas and first_of_it:
        return Schema(QName(None, Name(home)), found.at, notes=found.notes)
    return replace(found, name=QName(None, Name(home)))


def _empty(found: Routine, ctx: Context, key: QName) -> bool:
    """Keep a subprogram without a body as one that fails; ``False`` where its head is not converted."""
    made = routine(found, ctx)
    if ctx.stub or made.program is None:
        ctx.stub = ""
        return False
    text = f"RAISE EXCEPTION 'the body of the package {ctx.run.packages.home(key)} is not there'"
    fails = Ready(found.at, text=f"{text} USING ERRCODE = 'undefined_function'")
    program = replace(made.program, body=replace(made.program.body, body=(fails,)))
    kept = ctx.run.packages.made.setdefault(ctx.subject, [])
    kept.append(((key, found.name.name.text), "promised", Item(ctx.subject, replace(made, program=program))))
    return True


def _of(run: Run, subject: int) -> Routine:
    found = run.catalog.objects[subject]
    assert isinstance(found, Routine)
    return found


class _Coder(Coder):
    """The declarations and the first statements of one package."""

    def __init__(self, found: Routine, ctx: Context, key: QName) -> None:
        super().__init__(found, ctx)
        self.key = key
        self.arrays = False  # the variable at hand is an array

    def first_values(self) -> list[Assign]:
        """Keeps the parts; returns the assignments that give variables their first values when the package starts."""
        assert self.found.module is not None
        first: list[Assign] = []
        for d in self.found.module.declarations:
            match d:
                case Variable():
                    first += self.variable_part(d)
                case NamedType(form="subtype" | "refcursor"):
                    pass
                case RecordType() | NamedType():
                    self.type_part(d)
                case OtherDeclaration() if d.construct != "pragma":
                    self.ctx.say_construct(d.construct, d.text.at, d.text.text)
                case OtherDeclaration() if "SERIALLY_REUSABLE" in d.text.text.upper():
                    self.ctx.say("SC5046", d.text.at, clause=d.text.text)
                case Condition() | CursorVariable() | OtherDeclaration():
                    pass
        return first

    def type_part(self, d: RecordType | NamedType) -> None:
        """A record becomes a type; a collection needs none."""
        subject = self.ctx.subject
        name = self.shared_type((self.key, d.name.text), d, subject) if self.ctx.run.packages.as_types else ""
        self.stub = ""
        if not name:
            self.refused_type(d)
            self.stub = ""
        elif isinstance(d, RecordType):
            made = self.record_types[name][0]
            quoted = self.ctx.profile.quoted
            fields = [f"    {quoted(self.own(f.name).text)} {self.field_type(f.type, f.at).raw}" for f in d.fields]
            lines = ",\n".join(fields)
            text = f"CREATE TYPE {made} AS (\n{lines}\n)"
            found = Prelude(QName(None, Name("")), d.at, notes=_above(d.notes), text=text, part="routines")
            item = Item(subject, found)
            self.ctx.run.packages.made.setdefault(subject, []).append(((self.key, d.name.text), "promised", item))

    def variable_part(self, d: Variable) -> list[Assign]:
        packages = self.ctx.run.packages
        key = (self.key, d.name.text)
        own = self.collected(d.name, d.type)
        self.collections.pop(d.name.text, None)
        raw = self.collection_spelled(own) if own is not None else self.spelled(d)
        default, immutable = None, True
        if d.default is not None and raw:
            self.frame()
            default = self.text(d.default, self.ctx.run.lookup.of(key))
            immutable = self.immutable
        elif raw:
            default = self.initial(d, own) if own is not None else self.first_record(d, raw)
        if self.stub:
            self.stub = ""
            packages.lost.add(key)
            return []
        name = packages.target(self.key, self.own(d.name).text)
        packages.types[key] = raw
        if own is not None:
            packages.shapes[key] = own
        elif self.is_record(d.type):
            packages.shapes[key] = self.fields_of(d.type) or {}
        packages.getters[key] = self.ctx.run.qualified(name)
        if d.constant and immutable and default is not None:
            packages.immutable.add(key)
            if family(self.ctx.run.lookup.of(key).type) not in ("number", "text", "boolean"):
                default = replace(default, target=f"CAST({default.output} AS {raw})")
            program = Program(returns=Typed(raw=raw), deterministic=True, expression=default)
            self.keep(key, "constant", name, program, d)
            return []
        self.arrays = own is not None and not own.key
        self.keep(key, "read", name, self.getter(key, d, raw, default if immutable else None), d)
        setter = packages.target(self.key, packages.free(self.key, f"set_{self.own(d.name).text}"))
        self.keep(key, "written", setter, self.setter_of(key, d, raw), replace(d, notes=Notes()))
        if not d.constant:
            self.ctx.say("SC5045", d.at, clause=str(d.name))
        if immutable or d.default is None:
            return []
        return [Assign(d.at, target=Fragment(d.name.text if d.name.folded else f'"{d.name.text}"', d.at),
                       value=d.default)]  # fmt: skip

    def spelled(self, d: Variable) -> str:
        """The type as such: it stands in casts too, where no ``%TYPE`` may."""
        if d.type.form:
            self.refuse("SC5023", d.at, clause=d.type.raw)
            return ""
        if d.type.row or self.is_record(d.type):
            raw = self.typed(d.type, d.at).raw.removesuffix("%ROWTYPE")
            if raw == "record":
                self.refuse("SC5023", d.at, clause=d.type.raw)
            return raw if raw != "record" else ""
        other = self.package_type(d.type)
        type_ = self.resolved(d.type)
        if other is not None or not type_.like:
            return self.typed(type_, d.at).raw
        if type_.row:
            self.refuse("SC5023", d.at, clause=d.type.raw)
            return ""
        like = type_.like
        table = self.ctx.run.table(QName(like[-3] if len(like) > 2 else None, like[-2])) if len(like) > 1 else None
        column = self.names.column(table[1].name, like[-1]).text if table is not None else ""
        found = self.ctx.run.spelled.get(table[0], {}).get(column, "") if table is not None else ""
        if not found:
            self.refuse("SC5024", d.at, clause=d.type.raw)
        return found

    def first_record(self, d: Variable, raw: str) -> Fragment | None:
        """The first value of a record some of whose fields start with a value."""
        user = self.resolved(d.type).type.user
        starts = {f.name.text: f.default for f in self.defaults.get(user.name.text, ())} if user is not None else {}
        if user is None or not starts:
            return None
        values = [self.text(starts[n]).output if starts.get(n) is not None else "NULL"  # type: ignore[arg-type]
                  for n in self.record_types[user.name.text][1]]  # fmt: skip
        return Fragment("", d.at, f"ROW({', '.join(values)})::{raw}")

    def keep(self, key: Key, use: str, name: QName, program: Program, d: Variable) -> None:
        what = "function" if program.returns is not None else "procedure"
        made = Routine(name, d.at, notes=_above(d.notes), what=what, program=program)
        kept = self.ctx.run.packages.made.setdefault(self.ctx.subject, [])
        kept.append((key, use, Item(self.ctx.subject, made)))

    def getter(self, key: Key, d: Variable, raw: str, default: Fragment | None) -> Program:
        setting = self.ctx.run.packages.setting(self.key, self.own(d.name).text)
        if self.arrays:  # an array in an array would be one of two dimensions
            now = f"current_setting('{setting}', true)"
            kept = f"NULLIF(NULLIF({now}, ''), 'NULL')::{raw}"
            if default is not None:
                kept = f"CASE WHEN {now} <> '' THEN NULLIF({now}, 'NULL')::{raw} ELSE {default.output} END"
            return Program(returns=Typed(raw=raw), stable=True, expression=Fragment("", d.at, kept))
        kept = f"NULLIF(current_setting('{setting}', true), '')::{raw}[]"
        if default is not None:
            kept = f"COALESCE({kept}, ARRAY[{default.output}]::{raw}[])"
        return Program(returns=Typed(raw=raw), stable=True, expression=Fragment("", d.at, f"({kept})[1]"))

    def setter_of(self, key: Key, d: Variable, raw: str) -> Program:
        wide = {"number": "numeric", "text": "text"}.get(family(self.ctx.run.lookup.of(key).type), raw)
        wide = raw if raw in ("double precision", "real") else wide
        value, own = Name("value"), Name("new_value")
        large = self.ctx.run.lookup.of(key).type.kind == "text"  # an empty CLOB is not NULL
        empty = wide == "text" and not large and self.ctx.run.trait_of_source("empty_string_is_null")
        given = Fragment("", d.at, "NULLIF(value, '')" if empty else "value")
        setting = self.ctx.run.packages.setting(self.key, self.own(d.name).text)
        value_text = "COALESCE(new_value::text, 'NULL')" if self.arrays else "ARRAY[new_value]::text"
        text = f"PERFORM set_config('{setting}', {value_text}, false)"
        local = Variable(own, Typed(raw=raw), given, d.not_null, at=d.at)
        body = Block(d.at, declarations=(local,), body=(Sql(d.at, statement=Fragment("", d.at, text)),))
        return Program((Parameter(value, Typed(raw=wide)),), body=body)

    def keep_first(self, first: list[Assign], block: Block | None) -> None:
        """Keeps what runs first; the procedure is made once the whole package is known."""
        body: Body = (*first,)
        if block is not None and (block.handlers or block.declarations):
            body = (*first, block)
        elif block is not None:
            body = (*first, *block.body)
        program = self.program(Program(body=Block(self.found.at, body=body)))
        if not self.stub:
            made = Routine(self.found.name, self.found.at, what="procedure", program=program)
            kept = self.ctx.run.packages.made.setdefault(self.ctx.subject, [])
            kept.append(((self.key, ""), "first", Item(self.ctx.subject, made)))


def _above(notes: Notes) -> Notes:
    return Notes((*notes.before, notes.after)) if notes.after else notes


# -- once everything is translated -------------------------------------------------------------------------------------


def functions(run: Run, subject: int) -> tuple[Item, ...]:
    """The functions of a package's specification or body, as far as something uses them."""
    found = run.catalog.objects[subject]
    packages = run.packages
    if not isinstance(found, Routine) or found.module is None or subject in run.absent:
        return ()
    key = packages.canonical(found.name)
    start = key in packages.starting and not run.absent.issuperset(packages.modules[key])
    out = []
    for part, use, item in packages.made.get(subject, ()):
        made = item.object
        used = {"written": packages.written, "read": packages.read}
        if use in ("constant", "promised"):
            out.append(item)
            continue
        assert isinstance(made, Routine) and made.program is not None
        if use in used and (part in used[use] or (not found.module.body and _open(run, part, use))):
            out.append(replace(item, object=_guarded(made, key, run)) if start else item)
    if start and packages.starting[key] == subject:
        out.append(Item(subject, _initialize(key, run, found)))
    return tuple(out)


def _open(run: Run, part: Key, use: str) -> bool:
    """Whether any client may use what a specification declares: it reads all, and assigns to what is no constant."""
    found = run.packages.parts[part].found
    return use == "read" or (isinstance(found, Variable) and not found.constant)


def _start(key: QName, run: Run) -> QName:
    return run.packages.target(key, run.packages.free(key, "initialize"))


def _guarded(made: Routine, key: QName, run: Run) -> Routine:
    """A function or procedure that starts its package first, which no function without effects may do."""
    program = made.program
    assert program is not None
    first = Call(made.at, name=(Name(run.qualified(_start(key, run))),))
    body: Body = (first, *program.body.body)
    if program.expression is not None:
        body = (first, Return(made.at, value=program.expression))
    block = replace(program.body, body=body)
    return replace(made, program=replace(program, stable=False, expression=None, body=block))


def _initialize(key: QName, run: Run, found: Routine) -> Routine:
    """The procedure that starts a package, once in a session."""
    setting = run.packages.setting(key, run.packages.free(key, "initialized"))
    asked = Fragment("", NOWHERE, f"current_setting('{setting}', true) = 'yes'")
    noted = Fragment("", NOWHERE, f"PERFORM set_config('{setting}', 'yes', false)")
    body: Body = (
        If(NOWHERE, branches=((asked, (Return(NOWHERE),)),)),
        Sql(NOWHERE, statement=noted),
    )
    declarations: tuple[Declaration, ...] = ()
    conflict = False
    types: tuple[RecordType, ...] = ()
    for subject in sorted(run.packages.modules[key], key=lambda s: _is_body(run, s)):
        for _, use, item in run.packages.made.get(subject, ()):
            made = item.object
            if use == "first" and isinstance(made, Routine) and made.program is not None:
                known = {d.name for d in declarations}
                more = [d for d in made.program.body.declarations if d.name not in known]
                declarations += tuple(more)
                body += made.program.body.body
                conflict |= made.program.conflict
                types += made.program.types
    block = Block(NOWHERE, declarations=declarations, body=body)
    program = Program(body=block, types=types, conflict=conflict)
    return Routine(_start(key, run), found.at, what="procedure", program=program)


def _is_body(run: Run, subject: int) -> bool:
    found = run.catalog.objects[subject]
    return isinstance(found, Routine) and found.module is not None and found.module.body


