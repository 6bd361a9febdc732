"""Calls of SQL Server's system procedures: what each one does to the catalog, or what it is.

Source: Transact-SQL reference, "System stored procedures".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from .cursor import Cursor, string_value

#: Procedures that change nothing we keep: construct and kind, by the beginning of the name; the longest fits first.
_KNOWN: Final[dict[str, tuple[str, str]]] = {
    "SP_ADD_JOB": ("job", "job"), "SP_ADD_SCHEDULE": ("job", "job"), "SP_ATTACH_SCHEDULE": ("job", "job"),
    "SP_ADD_CATEGORY": ("job", "job"), "SP_ADD_OPERATOR": ("job", "job"), "SP_ADD_ALERT": ("job", "job"),
    "SP_ADD_NOTIFICATION": ("job", "job"), "SP_UPDATE_JOB": ("job", "job"), "SP_DELETE_JOB": ("job", "job"),
    "SP_START_JOB": ("job", "job"), "SP_STOP_JOB": ("job", "job"), "SP_DELETE_": ("job", "job"),
    "SP_ADDLINKEDSERVER": ("database_link", "database_link"),
    "SP_ADDLINKEDSRVLOGIN": ("database_link", "database_link"), "SP_SERVEROPTION": ("database_link", "database_link"),
    "SP_ADDSERVER": ("database_link", "database_link"), "SP_DROPSERVER": ("database_link", "database_link"),
    "SP_DROPLINKEDSRVLOGIN": ("database_link", "database_link"),
    "SP_ADDLOGIN": ("login", "role"), "SP_GRANTLOGIN": ("login", "role"), "SP_DENYLOGIN": ("login", "role"),
    "SP_REVOKELOGIN": ("login", "role"), "SP_DROPLOGIN": ("login", "role"), "SP_PASSWORD": ("login", "role"),
    "SP_DEFAULTDB": ("login", "role"), "SP_DEFAULTLANGUAGE": ("login", "role"),
    "SP_CHANGE_USERS_LOGIN": ("login", "role"), "SP_ADDREMOTELOGIN": ("login", "role"),
    "SP_ADDSRVROLEMEMBER": ("server_role", "role"), "SP_DROPSRVROLEMEMBER": ("server_role", "role"),
    "SP_ADDAPPROLE": ("application_role", "role"), "SP_SETAPPROLE": ("application_role", "role"),
    "SP_APPROLEPASSWORD": ("application_role", "role"), "SP_DROPAPPROLE": ("application_role", "role"),
    "SP_UNSETAPPROLE": ("application_role", "role"),
    "SP_CONTROL_DBMASTERKEY_PASSWORD": ("security_key", "role"),
    "SP_CHANGEOBJECTOWNER": ("owner_change", "script"), "SP_CHANGEDBOWNER": ("owner_change", "script"),
    "SP_CONFIGURE": ("server_setting", "script"), "SP_DBOPTION": ("database_setting", "script"),
    "SP_DBCMPTLEVEL": ("database_setting", "script"), "SP_ADDUMPDEVICE": ("server_setting", "script"),
    "SP_PROCOPTION": ("server_setting", "script"), "SP_ATTACH": ("database", "script"),
    "SP_DETACH": ("database", "script"), "SP_RENAMEDB": ("database", "script"),
    "SP_CREATE_PLAN_GUIDE": ("server_setting", "script"), "SP_CONTROL_PLAN_GUIDE": ("server_setting", "script"),
    "SP_ESTIMATE": ("query_statement", "script"), "SP_TRACE": ("server_setting", "script"),
    "SP_SETTRIGGERORDER": ("trigger_order", "trigger"),
    "SP_TABLEOPTION": ("storage_clause", "script"), "SP_INDEXOPTION": ("storage_clause", "script"),
    "SP_ADDMESSAGE": ("user_message", "other"), "SP_ALTERMESSAGE": ("user_message", "other"),
    "SP_DROPMESSAGE": ("user_message", "other"),
    "SP_REFRESH": ("compile", "script"), "SP_RECOMPILE": ("compile", "script"),
    "SP_UPDATESTATS": ("statistics", "script"), "SP_CREATESTATS": ("statistics", "script"),
    "SP_AUTOSTATS": ("statistics", "script"), "SP_UPDATEEXTENDED": ("property", "comment"),
    "SP_HELP": ("query_statement", "script"), "SP_WHO": ("query_statement", "script"),
    "SP_SPACEUSED": ("query_statement", "script"), "SP_DEPENDS": ("query_statement", "script"),
    "SP_COLUMNS": ("query_statement", "script"), "SP_TABLES": ("query_statement", "script"),
    "SP_LOCK": ("query_statement", "script"), "SP_DESCRIBE": ("query_statement", "script"),
    "SP_SET_SESSION_CONTEXT": ("session_setting", "script"), "SP_CREATE_REMOVABLE": ("database", "script"),
    "SP_FULLTEXT": ("fulltext_catalog", "other"), "SP_SETAUTOSAPASSWORDANDDISABLE": ("login", "role"),
    "SP_CDC": ("replication", "other"), "SP_ADDPUBLICATION": ("replication", "other"),
    "SP_ADDARTICLE": ("replication", "other"), "SP_ADDSUBSCRIPTION": ("replication", "other"),
    "SP_ADDMERGE": ("replication", "other"), "SP_ADDDIST": ("replication", "other"),
    "SP_DROPDIST": ("replication", "other"), "SP_DROPDEVICE": ("server_setting", "script"),
    "SP_REPLICATION": ("replication", "other"), "SP_ADDPULL": ("replication", "other"),
    "SP_ADDPUSH": ("replication", "other"), "SP_ARTICLECOLUMN": ("replication", "other"),
    "SP_GRANT_PUBLICATION": ("replication", "other"), "SP_INVALIDATE_TEXTPTR": ("session_setting", "script"),
    "SP_XML_": ("execute_call", "script"), "SP_OA": ("execute_call", "script"), "SP_CURSOR": ("execute_call", "script"),
    "SP_SEND_DBMAIL": ("execute_call", "script"), "SP_EXECUTE_EXTERNAL_SCRIPT": ("execute_call", "script"),
    "SP_DROPEXTENDEDPROC": ("library", "other"), "SP_ADDEXTENDEDPROC": ("library", "other"),
    "SP_VERIFY_JOB": ("job", "job"), "SP_BINDSESSION": ("session_setting", "script"),
    "SP_GETAPPLOCK": ("session_setting", "script"), "SP_RELEASEAPPLOCK": ("session_setting", "script"),
    "SP_TESTLINKEDSERVER": ("query_statement", "script"), "SP_ADD_TRUSTED_ASSEMBLY": ("library", "other"),
    "SP_ADD_LOG_FILE": ("server_setting", "script"), "SP_DB_VARDECIMAL": ("database_setting", "script"),
    "SP_RESERVE_SEQUENCE": ("execute_call", "script"), "SP_SEQUENCE_GET_RANGE": ("execute_call", "script"),
    "SP_QUERY_STORE": ("server_setting", "script"), "SP_REMOVEDBREPLICATION": ("replication", "other"),
}  # fmt: skip


@dataclass(slots=True)
class Call:
    """A call: the procedure's last name in capitals, its schema, and its arguments by position and by name.

    An argument that is no constant is ``None``.
    """

    name: str
    shown: str
    given: list[str | None] = field(default_factory=list)
    named: dict[str, str | None] = field(default_factory=dict)

    def argument(self, position: int, *names: str) -> str | None:
        """The argument by one of its ``names`` (without @, in capitals), else by position."""
        for name in names:
            if name in self.named:
                return self.named[name]
        return self.given[position] if position < len(self.given) else None


#: Texts of variables, by their names in capitals.
Values = dict[str, str]


def after(words: Sequence[str], values: Values) -> Values:
    """What is known of variables behind a statement: a script that Management Studio writes sets one and passes it to
    the next call. Any other statement may change them, and ends what is known."""
    match list(words):
        case ["DECLARE", *_] if "=" not in words:
            return values
        case ["PRINT", *_]:
            return values
        case ["SET", name, "=", value, *rest] if name[:1] == "@" and value[-1:] == "'" and rest in ([], [";"]):
            return {**values, name: value}
        case ["EXEC" | "EXECUTE", *_] if not {"OUTPUT", "OUT", "="}.intersection(words):
            return values
        case _:
            return {}


def read(c: Cursor, values: Values) -> Call | None:
    """The call that the statement makes; ``None`` if the procedure is named by a variable. The cursor stands on EXEC,
    or on the procedure where a batch begins with it. ``values`` are those of variables."""
    if c.word() in ("EXEC", "EXECUTE"):
        c.at += 1
    if c.word()[:1] == "@":
        if c.ahead() != "=":
            return None
        c.at += 2
    if not c.is_name():
        return None
    name = c.qname()
    found = Call(name.name.text, str(name))
    if c.accept(";"):
        c.take()
    while not c.done() and c.word() not in ("WITH", "AT"):
        key = ""
        if c.word()[:1] == "@" and c.ahead() == "=":
            key = c.word()[1:]
            c.at += 2
        start = c.at
        c.skip_to((",", ";", "WITH", "OUTPUT", "OUT"))
        value = _value(c, start, values)
        if key:
            found.named[key] = value
        else:
            found.given.append(value)
        c.accept_any("OUTPUT", "OUT")
        if not c.accept(","):
            break
    c.at = c.count
    return found


def _value(c: Cursor, start: int, values: Values) -> str | None:
    """The constant in the tokens from ``start`` to the cursor: a text, a number, a bare word."""
    if c.at != start + 1:
        return None if c.at - start != 2 else c.raw(start)
    token = values.get(c.texts[start], c.texts[start])
    if token[0] == "'":
        return string_value(token)
    if token == "NULL" or token[0] == "@":
        return None
    return token[1:-1] if token[0] in '"[' else c.raw(start)


def construct(name: str) -> tuple[str, str]:
    """Construct and kind of a call of the procedure ``name``, in capitals."""
    for size in range(len(name), 4, -1):
        found = _KNOWN.get(name[:size])
        if found is not None:
            return found
    if name.startswith(("SP_", "XP_")):
        return "system_procedure", "script"
    return "execute_call", "script"
