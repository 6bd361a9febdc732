"""One sentence about every option, and one about every choice of it.

``schemaconv init`` and ``docs/options.md`` print from here; a test holds it against
:mod:`schemaconv.options`.
"""

from __future__ import annotations

from typing import NamedTuple


class About(NamedTuple):
    """``what`` the option decides, and what each of its ``choices`` means. ``group`` orders the page."""

    group: str
    what: str
    choices: dict[str, str] = {}


ABOUT: dict[str, About] = {
    "mode": About(
        "Run",
        "What happens when something needs a person.",
        {
            "partial": "Write all that can be converted; the rest stands in the script as a comment.",
            "strict": "Write no script while anything needs a person; the exit code is 1.",
        },
    ),
    "layout": About(
        "Run",
        "How the scripts are laid out.",
        {
            "single": "One script.",
            "split": "One script for each load phase, so that data can be loaded between tables and keys.",
        },
    ),
    "encoding": About(
        "Run",
        "How the input is encoded, as a Python codec name such as cp1252. Empty: found out from each file "
        "(byte order mark, UTF-16, UTF-8, else Windows-1252).",
    ),
    "rules": About(
        "Run",
        "A folder of rules in the shape of the shipped ones; its rows come before those. "
        "In schemaconv.toml it is seen from the folder of that file.",
    ),
    "number": About(
        "Types",
        "NUMBER without precision, which floats in Oracle.",
        {
            "decimal": "An exact decimal, as wide as the target has it.",
            "double": "A double precision float: fast and small, but only about 15 digits are exact.",
        },
    ),
    "integers": About(
        "Types",
        "NUMBER(p) and NUMBER(p,0).",
        {
            "integer": "The smallest integer type that holds p digits; a decimal beyond 18 digits.",
            "decimal": "A decimal of p digits, always.",
        },
    ),
    "number1": About(
        "Types",
        "NUMBER(1), which many schemas use as a flag.",
        {
            "integer": "A small integer, which holds everything that the column may hold.",
            "boolean": "A boolean; right only where the column holds nothing but 0 and 1.",
        },
    ),
    "bit": About(
        "Types",
        "BIT of SQL Server, a number that is 0 or 1 and that most schemas use as a flag.",
        {
            "boolean": "A boolean. Constants and comparisons inside the schema follow; queries of applications that "
            "compare with 0 and 1 have to.",
            "integer": "A small integer, which also holds other numbers.",
        },
    ),
    "date": About(
        "Types",
        "DATE, which carries a time of day in Oracle.",
        {
            "timestamp": "A timestamp without fractions of a second: nothing is lost.",
            "date": "A date: the time of day is cut off.",
        },
    ),
    "date_order": About(
        "Meaning",
        "The order of day (d), month (m) and year (y) in texts that SQL Server reads as dates, such as '7/4/1996', "
        "where no SET DATEFORMAT or SET LANGUAGE of the script says it, and in what is stored for other sessions.",
        {
            "script": "mdy, as sessions in us_english read them; where that is a guess, it is said (SC4271).",
            "mdy": "'7/4/1996' is the 4th of July.",
            "dmy": "'7/4/1996' is the 7th of April; of DATETIME, '1996-07-04' is one, too.",
            "ymd": "'96/7/4' is the 4th of July.",
            "ydm": "'96/7/4' is the 7th of April.",
            "myd": "'7/96/4' is the 4th of July.",
            "dym": "'7/96/4' is the 7th of April.",
        },
    ),
    "mysql_collation": About(
        "Types",
        "How MySQL compares text in the tables of the output.",
        {
            "source": "As the source does: byte by byte for Oracle (COLLATE=utf8mb4_0900_bin), without case for SQL "
            "Server and Teradata (utf8mb4_0900_as_ci), and by the collations of its columns.",
            "binary": "Byte by byte: COLLATE=utf8mb4_0900_bin.",
            "server": "As the server does, usually without case.",
        },
    ),
    "case_insensitive_text": About(
        "Types",
        "Text of a source that ignores case, as SQL Server and Teradata do by default, on PostgreSQL and Redshift, "
        "which do not.",
        {
            "keep": "Plain columns, which tell a from A: said once.",
            "citext": "PostgreSQL's type citext, of an extension that ships with it; lengths become checks.",
            "collation": "Columns with a collation that ignores case: of ICU on PostgreSQL (without LIKE before 18), "
            "CASE_INSENSITIVE on Redshift.",
        },
    ),
    "virtual_columns": About(
        "Types",
        "Columns that Oracle computes on read, on PostgreSQL before 18, which has no such columns.",
        {"stored": "Computed on write and stored.", "manual": "Left to a person, under its code."},
    ),
    "redshift_keys": About(
        "Redshift",
        "Distribution and sort keys that the source's own design speaks for: its distribution, partitions, row order, "
        "foreign keys, and the statistics. Each choice is a finding with its reason.",
        {
            "apply": "Printed: DISTKEY, DISTSTYLE, SORTKEY.",
            "suggest": "Only said; Redshift chooses by itself (AUTO).",
            "auto": "Neither chosen nor said.",
        },
    ),
    "redshift_encode": About(
        "Redshift",
        "Compression encodings of columns.",
        {
            "auto": "Left to Redshift, which chooses them and changes them as the data does (ENCODE AUTO).",
            "explicit": "Written for each column: RAW for sort keys, else what the manual assigns to the type.",
        },
    ),
    "redshift_schema": About(
        "Redshift",
        "The schema of names that are written without one. Late-binding views must name it.",
    ),
    "statistics": About(
        "Redshift",
        "A CSV file with the headings table, rows, size_mb, column and distinct, of which a line gives what it knows: "
        "small tables are copied to every node, columns of few values are no distribution key. "
        "In schemaconv.toml it is seen from the folder of that file.",
    ),
    "distribution": About(
        "Redshift",
        "Keys and encodings that you choose yourself, table by table; the first row that fits a table wins. "
        "In schemaconv.toml each is a section [[distribution]]; on the command line "
        '--set "distribution.SALES=distkey(customer_id) sortkey(sold_on) encode(auto)", or diststyle(all).',
    ),
    "bytes_per_character": About(
        "Redshift",
        "Bytes kept for each character of a text column on Redshift, where lengths count bytes: 1 to 4.",
    ),
    "code_page_bytes": About(
        "Types",
        "Bytes kept on Redshift for each letter of text in a code page (CHAR and VARCHAR of SQL Server, LATIN text of "
        "Teradata): 1 to 3. In UTF-8, letters beyond ASCII take two or three.",
    ),
    "tinyint": About(
        "Types",
        "Integers of one byte (TINYINT of SQL Server: 0 to 255, BYTEINT of Teradata: -128 to 127) on targets whose "
        "smallest integer has two.",
        {
            "smallint": "The column takes what a SMALLINT takes.",
            "check": "CHECK (column BETWEEN 0 AND 255) is added, as the type refused other numbers. "
            "Redshift has no checks and says so.",
        },
    ),
    "empty_string": About(
        "Meaning",
        "The empty string, which is NULL in Oracle and a value on every target.",
        {
            "keep": "Values are left as they come; code that relies on the rule is named by its code.",
            "check": "CHECK (column <> '') is added to NOT NULL text columns, which refuse it in Oracle, too.",
        },
    ),
    "autonomous": About(
        "Routines",
        "Routines with PRAGMA AUTONOMOUS_TRANSACTION, on targets where a routine has no transaction of its own.",
        {
            "judge": "They run in the transaction of their caller, but for those that only add rows, as one does that "
            "keeps a log: their rows would go when the caller is undone, so they are left to a person.",
            "caller": "All of them run in the transaction of their caller.",
            "manual": "All of them are left to a person.",
        },
    ),
    "global_temporary": About(
        "Tables",
        "Global temporary tables: no target has tables that stay while their rows belong to a session.",
        {
            "unlogged": "An ordinary table (unlogged on PostgreSQL) that all sessions share.",
            "temporary": "A temporary table, which each session must create again.",
        },
    ),
    "max_partitions": About(
        "Tables",
        "How many partitions a rule such as RANGE_N ... EACH may become: 1 to 8000. Above it wider ones are written.",
    ),
    "max_repeats": About(
        "Run",
        "How many data statements are written out for a batch that sqlcmd runs several times (GO n): 1 to 100000. A "
        "batch that takes more is left to a person (SC1022).",
    ),
    "primary_index": About(
        "Tables",
        "Primary indexes of Teradata that are not unique, on targets without distribution.",
        {"index": "An ordinary index keeps the way to the rows.", "drop": "Left out."},
    ),
    "table_kind": About(
        "Tables",
        "Tables of Teradata that do not say SET or MULTISET.",
        {
            "set": "They take no row twice, as in sessions in Teradata mode.",
            "multiset": "They take any row, as in sessions in ANSI mode.",
        },
    ),
    "case_specific": About(
        "Types",
        "Text columns of Teradata that say neither CASESPECIFIC nor NOT CASESPECIFIC. A script that sets its session "
        "to ANSI mode says it by itself.",
        {
            "no": "They take a and A for the same, as in sessions in Teradata mode.",
            "yes": "They tell a from A, as in sessions in ANSI mode or with DefaultCaseSpec.",
        },
    ),
    "titles": About(
        "Tables",
        "TITLE of a column, which heads it in reports.",
        {"comment": "It becomes the comment of a column that has none.", "drop": "It is left out, and said."},
    ),
    "partition_key": About(
        "Tables",
        "Primary and unique keys that lack the partition key, which PostgreSQL and MySQL refuse.",
        {
            "extend": "The partition key's columns are added to the key, unless foreign keys point to it.",
            "unpartition": "The key stays as it is, and the table loses its partitions.",
        },
    ),
    "sequence_cache": About(
        "Sequences",
        "CACHE n of a sequence.",
        {"keep": "Kept.", "drop": "Left out: the target's own default applies."},
    ),
    "mysql_sequences": About(
        "Sequences",
        "A primary key that is fed by a sequence of its own, on MySQL, which has no sequences.",
        {
            "auto_increment": "The column becomes AUTO_INCREMENT.",
            "emulate": "A table of one row keeps the next value, as for any other sequence.",
        },
    ),
    "names": About(
        "Names",
        "Names to which case means nothing at the source: those without quotes in Oracle, all in SQL Server and "
        "Teradata.",
        {
            "lower": "Lower case, which no target needs to quote.",
            "upper": "Upper case, quoted.",
            "keep": "As the author first wrote them, quoted where they hold capitals; Oracle's in upper case.",
        },
    ),
    "schemas": About(
        "Names",
        "The schemas that names are written with.",
        {"keep": "Kept.", "drop": "Left out: objects land in the schema of the connection."},
    ),
    "results": About(
        "Scripts",
        "Procedures that answer rows, on PostgreSQL.",
        {
            "function": "A function that returns the rows, where there is one result; cursors where there are several.",
            "cursors": "A procedure that hands back a cursor for each result, always.",
        },
    ),
    "packages": About(
        "Names",
        "What a package becomes.",
        {
            "schema": "A schema of its name, with a routine for each subprogram.",
            "prefix": "Routines in the package's own schema, with its name in front (pay_net). MySQL has no other way.",
        },
    ),
    "schema_map": About(
        "Names",
        "Schemas that get another name: source = target. In schemaconv.toml this is the section [schemas]; "
        "on the command line --set schema_map.HR=people.",
    ),
    "comments": About(
        "Scripts",
        "The comments of the author.",
        {"keep": "Kept where they stood.", "drop": "Left out."},
    ),
    "grants": About(
        "Scripts",
        "GRANT statements and roles.",
        {"keep": "Converted.", "drop": "Left out, and said so."},
    ),
    "support_schema": About(
        "Scripts",
        "The schema of the support functions, which do what no expression of the target can; only those that the "
        "output calls are made (SC4365). Empty: the schema of the connection.",
    ),
    "compat": About(
        "Scripts",
        "Functions of an extension instead of support functions that the script brings along.",
        {
            "none": "Nothing needs to be installed.",
            "orafce": "PostgreSQL: those of the extension orafce where it has them; the script says CREATE EXTENSION.",
        },
    ),
    "define": About(
        "Scripts",
        "Values of SQL*Plus substitution variables that the script does not define itself. "
        "In schemaconv.toml this is the section [define]; on the command line --define NAME=value.",
    ),
    "types": About(
        "Types",
        "Rows of types that come before the shipped ones: the target's spelling of a source type or of a "
        "canonical one, if wanted only on one target, in a table, in columns of a name, or on a condition. "
        "In schemaconv.toml each is a section [[type]]; the files under rules/types/write show more.",
    ),
}

#: Keys of the section ``[run]``: the command's own settings.
RUN: dict[str, tuple[str, str]] = {
    "from": ("What the scripts are written for.", '"oracle"'),
    "to": ("What to convert for; a list for several targets.", '"postgres:15"'),
    "paths": ("Scripts, folders and globs, seen from the folder of this file.", '["schema/"]'),
    "output": ("A file, a folder (ends in /), or - for standard output.", '"out/"'),
    "report": ("Reports to write; the suffix names the format: .json, .md or .txt.", '["report.json"]'),
    "fail_on": ("The least finding that makes the exit code 1: never, error, manual or review.", '"error"'),
    "jobs": ("Processes to work with.", "1"),
}
