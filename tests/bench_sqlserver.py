"""A made-up SQL Server script, as Management Studio writes one with "Generate Scripts", schema and data."""

from __future__ import annotations

import random
from collections.abc import Iterator

_TYPES = (
    "[int]", "[bigint]", "[smallint]", "[tinyint]", "[bit]", "[decimal](18, 2)", "[money]", "[float]",
    "[nvarchar](50)",
    "[nvarchar](400)", "[varchar](255)", "[varchar](max)", "[nvarchar](max)", "[char](2)", "[datetime]",
    "[datetime2](7)", "[date]",
    "[datetimeoffset](7)", "[uniqueidentifier]", "[varbinary](max)", "[varbinary](64)", "[xml]",
)  # fmt: skip
_DEFAULTS = {
    "[int]": "((0))", "[bit]": "((1))", "[datetime]": "(getdate())", "[datetime2](7)": "(sysutcdatetime())",
    "[uniqueidentifier]": "(newid())", "[nvarchar](50)": "(N'new')", "[money]": "((0.00))",
}  # fmt: skip
_VALUES = {
    "[bit]": "1", "[decimal](18, 2)": "CAST(12.50 AS Decimal(18, 2))", "[money]": "99.9500", "[float]": "0.25",
    "[datetime]": "CAST(N'2023-04-05T06:07:08.000' AS DateTime)", "[date]": "CAST(N'2023-04-05' AS Date)",
    "[datetime2](7)": "CAST(N'2023-04-05T06:07:08.1234567' AS DateTime2)",
    "[datetimeoffset](7)": "CAST(N'2023-04-05T06:07:08.1234567+00:00' AS DateTimeOffset)",
    "[uniqueidentifier]": "N'0f8fad5b-d9cb-469f-a165-70867728950e'", "[varbinary](max)": "0xCAFE",
    "[varbinary](64)": "0x00FF", "[xml]": "N'<a b=\"1\"/>'",
}  # fmt: skip
_OPTIONS = (
    "WITH (PAD_INDEX = OFF, STATISTICS_NORECOMPUTE = OFF, IGNORE_DUP_KEY = OFF, ALLOW_ROW_LOCKS = ON,"
    " ALLOW_PAGE_LOCKS = ON, OPTIMIZE_FOR_SEQUENTIAL_KEY = OFF) ON [PRIMARY]"
)
_INDEX_OPTIONS = (
    "WITH (PAD_INDEX = OFF, STATISTICS_NORECOMPUTE = OFF, SORT_IN_TEMPDB = OFF, DROP_EXISTING = OFF, ONLINE = OFF,"
    " ALLOW_ROW_LOCKS = ON, ALLOW_PAGE_LOCKS = ON) ON [PRIMARY]"
)
_LARGE = ("(max)", "[xml]")


def table(number: int, words: tuple[str, ...], chance: random.Random) -> Iterator[str]:
    """The batches that belong to one table; each but the INSERTs is one statement."""
    name = f"{chance.choice(words)}_{chance.choice(words)}_{number}".title()
    full = f"[dbo].[{name}]"
    columns = [(f"{chance.choice(words).title()}{n}", chance.choice(_TYPES)) for n in range(chance.randint(7, 10))]
    lines = ["\t[Id] [int] IDENTITY(1,1) NOT NULL"]
    lines += (f"\t[{c}] {kind} {'NOT NULL' if chance.random() < 0.4 else 'NULL'}" for c, kind in columns)
    lines.append("\t[ParentId] [int] NULL")
    key = f" CONSTRAINT [PK_{name}] PRIMARY KEY CLUSTERED \n(\n\t[Id] ASC\n){_OPTIONS}"
    large = " TEXTIMAGE_ON [PRIMARY]" if any(kind.endswith(_LARGE) for _, kind in columns) else ""
    yield "SET ANSI_NULLS ON"
    yield "SET QUOTED_IDENTIFIER ON"
    yield f"CREATE TABLE {full}(\n" + ",\n".join([*lines, key]) + f"\n) ON [PRIMARY]{large}"
    yield f"SET IDENTITY_INSERT {full} ON "
    names = ", ".join(f"[{c}]" for c in ("Id", *(c for c, _ in columns), "ParentId"))
    for row in range(chance.randint(2, 4)):
        values = ", ".join(_value(kind, chance.choice(words)) for _, kind in columns)
        yield f"INSERT {full} ({names}) VALUES ({row + 1}, {values}, NULL)"
    yield f"SET IDENTITY_INSERT {full} OFF"
    plain = [c for c, kind in columns if not kind.endswith(_LARGE)]
    for position in range(min(chance.randint(0, 2), len(plain) // 2)):
        some = ",\n".join(f"\t[{c}] ASC" for c in chance.sample(plain, 2))
        unique = "UNIQUE " if chance.random() < 0.1 else ""
        yield f"CREATE {unique}NONCLUSTERED INDEX [IX_{number}_{position}] ON {full}\n(\n{some}\n){_INDEX_OPTIONS}"
    for column, kind in columns:
        if kind in _DEFAULTS and chance.random() < 0.4:
            yield f"ALTER TABLE {full} ADD  CONSTRAINT [DF_{name}_{column}]  DEFAULT {_DEFAULTS[kind]} FOR [{column}]"
    foreign = f"CONSTRAINT [FK_{number}] FOREIGN KEY([ParentId])\nREFERENCES {full} ([Id])"
    yield f"ALTER TABLE {full}  WITH CHECK ADD  {foreign}"
    yield f"ALTER TABLE {full} CHECK CONSTRAINT [FK_{number}]"
    yield (
        f"EXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'The {columns[0][0]} of a row; see"
        f" {chance.choice(words)}s' , @level0type=N'SCHEMA',@level0name=N'dbo', @level1type=N'TABLE',"
        f"@level1name=N'{name}', @level2type=N'COLUMN',@level2name=N'{columns[0][0]}'"
    )
    if chance.random() < 0.35:
        shown = ", ".join(f"t.[{c}]" for c, _ in columns[:4])
        yield (
            f"CREATE VIEW [dbo].[V_{number}]\nAS\nSELECT t.[Id], {shown}\nFROM {full} t\n"
            "WHERE t.[Id] > 0 AND ISNULL(t.[ParentId], 0) <> 1"
        )


def _value(kind: str, word: str) -> str:
    return _VALUES.get(kind, f"N'{word[:2]}'" if "char" in kind else "7")


def ended(statement: str) -> str:
    """A statement as a batch of its own; the rows of a table stand in one."""
    return statement + ("" if statement.startswith("INSERT") else "\nGO")
