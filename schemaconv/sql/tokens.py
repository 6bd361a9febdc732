"""Lexical analysis of source scripts.

One compiled pattern per lexical family cuts text into words, quoted names, literals, operators and comments. It
loses no character: what is not blank is a token or a comment, with its position. It is about twice as fast as a
general tokenizer in pure Python, and it knows the vendor's own rules (q-quotes, ``1..10``, ``&variables``), which
decide where a statement ends.
"""

from __future__ import annotations

import re
from typing import Final

#: Groups of a lexical pattern (``re.Match.lastindex``); group 2 is the delimiter of a q-quote.
STRING: Final = 1
WORD: Final = 3
QUOTED: Final = 4
NUMBER: Final = 5
COMMENT: Final = 6
OPERATOR: Final = 7

#: Oracle: SQL Language Reference 23ai, "Literals" (text literals, alternative quoting) and "Database Object Names".
ORACLE: Final = re.compile(
    r"""[\s\x00\x1a\ufeff]*(?:
    (   [nN]?[qQ]'(?:\[.*?\]'|\{.*?\}'|<.*?>'|\(.*?\)'|([^\s\[{<(]).*?\2')
    |   [nN]?'(?:[^']|'')*' )
    |(  (?:[^\W\d]|&&?\w|\$\{\w+\})(?:[\w$\#]|&&?\w|\$\{\w+\})* )
    |(  "(?:[^"]|"")*" )
    |(  \d+(?:\.(?!\.)\d*)?(?:[eE][+-]?\d+)?(?:[fFdD](?!\w))?|\.\d+(?:[eE][+-]?\d+)?(?:[fFdD](?!\w))? )
    |(  --[^\n]*|/\*.*?\*/ )
    |(  \|\||<>|<=|>=|!=|\^=|~=|:=|=>|\*\*|\.\.|<<|>>|[^\s\x00\x1a\ufeff] )
    )""",
    re.VERBOSE | re.DOTALL,
)

#: How deep comments within comments are followed; SQL Server itself knows no limit.
_NESTED: Final = 8


def _nested_comment(depth: int) -> str:
    """The pattern of a comment that may hold ``depth`` more, one in another.

    Every part takes what it took for good, so that a comment that never ends is found out in one pass.
    """
    inner = r"/\*(?:[^*]++|\*(?!/))*+\*/"
    for _ in range(depth):
        inner = rf"/\*(?:[^*/]++|\*(?!/)|/(?!\*)|{inner})*+\*/"
    return inner


_TSQL_STRING: Final = r"'[^']*+(?:''[^']*+)*+'"
_TSQL_QUOTED: Final = r'"[^"]*+(?:""[^"]*+)*+"|\[(?:[^\]\n]++|\]\]|\n(?![ \t]*[gG][oO][ \t\r]*(?:\n|\Z)))*+\]'
_TSQL_COMMENT: Final = rf"--[^\n]*+|{_nested_comment(_NESTED)}"

#: SQL Server: Transact-SQL reference, "Database identifiers", "Constants", "Slash star (block comment)", "Backslash
#: (line continuation)"; ``$(name)`` from "sqlcmd utility", "Use sqlcmd with scripting variables". Words carry
#: variables (``@x``), temporary objects (``#t``) and ``$action``. A quote without its partner is an operator. A
#: bracketed name does not run over a line with GO.
SQLSERVER: Final = re.compile(
    rf"""[\s\x00\x1a\ufeff]*+(?:
    (   [nN]?{_TSQL_STRING} )
    |(  (?!) )
    |(  (?:[^\W\d]|[@\#]|\$\(\w[\w-]*+\)|\$(?=[^\W\d]))(?:[\w@\#]|\$\(\w[\w-]*+\)|\$(?!\())*+ )
    |(  {_TSQL_QUOTED} )
    |(  0[xX](?:[0-9a-fA-F]|\\\r?\n)*+
        |[$\xa2-\xa5\u20ac]\d++(?:\.\d*+)?
        |\d++(?:\.\d*+)?(?:[eE][+-]?\d++)?|\.\d++(?:[eE][+-]?\d++)? )
    |(  {_TSQL_COMMENT} )
    |(  \|\||<>|<=|>=|!=|!<|!>|::|[-+*/%&|^]=|[^\s\x00\x1a\ufeff] )
    )""",
    re.VERBOSE | re.DOTALL,
)
#: A text as far as every quote and comment in it has its end.
SQLSERVER_SOUND: Final = re.compile(
    rf"(?:[^'\"\[/-]++|{_TSQL_STRING}|{_TSQL_QUOTED}|{_TSQL_COMMENT}|/(?!\*)|-(?!-))*+", re.DOTALL
)

#: Teradata: SQL Fundamentals, "Basic SQL Syntax": "Literals" (hexadecimal literals carry their form behind the quote,
#: character sets in front of it) and "Object Names". Shell variables (``$x``, ``${x:-y}``), parameters that a query
#: tool asks for (``?x``) and variables of the load utilities (``&x``) are words or parts of words.
TERADATA: Final = re.compile(
    r"""[\s\x00\x1a\ufeff]*(?:
    (   (?:_(?i:latin|unicode|graphic|kanjisjis|kanji1)[ \t]*|_\w+|[uU]&)?
        '(?:[^']|'')*'(?:[xX](?:[bBcCfFiInN][fFvV1248]?)?(?![\w$\#]))?(?:(?!)(x))? )
    |(  (?![uU]&")(?:[^\W\d]|\$\{\w+[^{}\n]*\}|[$\#]|[?&][^\W\d])
        (?:[\w\#]+|\$\{\w+[^{}\n]*\}|\$|[?&][^\W\d])* )
    |(  (?:[uU]&)?"(?:[^"]|"")*" )
    |(  \d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)? )
    |(  --[^\n]*|/\*.*?\*/ )
    |(  \|\||<>|<=|>=|!=|\^=|~=|\*\*|[^\s\x00\x1a\ufeff] )
    )""",
    re.VERBOSE | re.DOTALL,
)
