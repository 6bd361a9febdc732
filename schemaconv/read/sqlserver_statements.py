"""Statements that define no table, view or right: what each class is, by its first words, and its name.

Source: Transact-SQL reference, "Transact-SQL statements". Longer heads come first where one begins like another.
"""

from __future__ import annotations

from typing import Final

from ..ir.names import Name, QName
from .cursor import Cursor, string_value

#: Behind CREATE, ALTER or DROP: construct and kind.
CLASSES: Final[dict[tuple[str, ...], tuple[str, str]]] = {
    ("APPLICATION", "ROLE"): ("application_role", "role"),
    ("SERVER", "ROLE"): ("server_role", "role"),
    ("LOGIN",): ("login", "role"),
    ("ASSEMBLY",): ("library", "other"),
    ("ASYMMETRIC", "KEY"): ("security_key", "role"),
    ("SYMMETRIC", "KEY"): ("security_key", "role"),
    ("MASTER", "KEY"): ("security_key", "role"),
    ("SERVICE", "MASTER", "KEY"): ("security_key", "role"),
    ("DATABASE", "ENCRYPTION", "KEY"): ("security_key", "role"),
    ("COLUMN", "MASTER", "KEY"): ("security_key", "role"),
    ("COLUMN", "ENCRYPTION", "KEY"): ("security_key", "role"),
    ("CERTIFICATE",): ("security_key", "role"),
    ("CRYPTOGRAPHIC", "PROVIDER"): ("security_key", "role"),
    ("DATABASE", "SCOPED", "CREDENTIAL"): ("security_key", "role"),
    ("CREDENTIAL",): ("security_key", "role"),
    ("DATABASE", "SCOPED", "CONFIGURATION"): ("database_setting", "script"),
    ("DATABASE", "AUDIT", "SPECIFICATION"): ("audit", "other"),
    ("SERVER", "AUDIT", "SPECIFICATION"): ("audit", "other"),
    ("SERVER", "AUDIT"): ("audit", "other"),
    ("SERVER", "CONFIGURATION"): ("server_setting", "script"),
    ("DATABASE",): ("database", "script"),
    ("AVAILABILITY", "GROUP"): ("server_setting", "script"),
    ("ENDPOINT",): ("server_setting", "script"),
    ("RESOURCE", "POOL"): ("server_setting", "script"),
    ("RESOURCE", "GOVERNOR"): ("server_setting", "script"),
    ("EXTERNAL", "RESOURCE", "POOL"): ("server_setting", "script"),
    ("WORKLOAD", "GROUP"): ("server_setting", "script"),
    ("WORKLOAD", "CLASSIFIER"): ("server_setting", "script"),
    ("EVENT", "SESSION"): ("server_setting", "script"),
    ("EVENT", "NOTIFICATION"): ("service_broker", "other"),
    ("BROKER", "PRIORITY"): ("service_broker", "other"),
    ("CONTRACT",): ("service_broker", "other"),
    ("MESSAGE", "TYPE"): ("service_broker", "other"),
    ("QUEUE",): ("service_broker", "other"),
    ("REMOTE", "SERVICE", "BINDING"): ("service_broker", "other"),
    ("ROUTE",): ("service_broker", "other"),
    ("SERVICE",): ("service_broker", "other"),
    ("EXTERNAL", "DATA", "SOURCE"): ("external_source", "other"),
    ("EXTERNAL", "FILE", "FORMAT"): ("external_source", "other"),
    ("EXTERNAL", "LIBRARY"): ("library", "other"),
    ("EXTERNAL", "LANGUAGE"): ("library", "other"),
    ("EXTERNAL", "MODEL"): ("external_source", "other"),
    ("FULLTEXT", "CATALOG"): ("fulltext_catalog", "other"),
    ("FULLTEXT", "STOPLIST"): ("fulltext_catalog", "other"),
    ("SEARCH", "PROPERTY", "LIST"): ("fulltext_catalog", "other"),
    ("SECURITY", "POLICY"): ("policy", "other"),
    ("STATISTICS",): ("statistics", "script"),
    ("XML", "SCHEMA", "COLLECTION"): ("xml_schema_collection", "type"),
    ("FEDERATION",): ("server_setting", "script"),
    ("PARTITION", "FUNCTION"): ("partition_function", "other"),
    ("PARTITION", "SCHEME"): ("partition_function", "other"),
    ("AUTHORIZATION",): ("owner_change", "script"),
    ("AGGREGATE",): ("clr_routine", "function"),
    ("PREDICT", "MODEL"): ("library", "other"),
}  # fmt: skip

#: Statements with a verb of their own: construct and kind by their first words.
VERBS: Final[dict[tuple[str, ...], tuple[str, str]]] = {
    ("ADD", "SENSITIVITY", "CLASSIFICATION"): ("sensitivity_label", "script"),
    ("ADD", "SIGNATURE"): ("module_signature", "other"),
    ("ADD", "COUNTER"): ("module_signature", "other"),
    ("BACKUP", "DATABASE"): ("server_command", "script"),
    ("BACKUP", "LOG"): ("server_command", "script"),
    ("RESTORE", "DATABASE"): ("server_command", "script"),
    ("BACKUP",): ("server_command", "script"),
    ("RESTORE",): ("server_command", "script"),
    ("DBCC",): ("server_command", "script"),
    ("CHECKPOINT",): ("server_command", "script"),
    ("KILL",): ("server_command", "script"),
    ("SHUTDOWN",): ("server_command", "script"),
    ("RECONFIGURE",): ("server_setting", "script"),
    ("BULK", "INSERT"): ("bulk_load", "data"),
    ("COPY", "INTO"): ("bulk_load", "data"),
    ("UPDATE", "STATISTICS"): ("statistics", "script"),
    ("COMMIT",): ("transaction_control", "script"),
    ("ROLLBACK",): ("transaction_control", "script"),
    ("SAVE",): ("transaction_control", "script"),
    ("BEGIN", "TRAN"): ("transaction_control", "script"),
    ("BEGIN", "TRANSACTION"): ("transaction_control", "script"),
    ("BEGIN", "DISTRIBUTED"): ("transaction_control", "script"),
    ("BEGIN", "DIALOG"): ("service_broker", "other"),
    ("BEGIN", "CONVERSATION"): ("service_broker", "other"),
    ("END", "CONVERSATION"): ("service_broker", "other"),
    ("GET", "CONVERSATION"): ("service_broker", "other"),
    ("MOVE", "CONVERSATION"): ("service_broker", "other"),
    ("SEND",): ("service_broker", "other"),
    ("RECEIVE",): ("service_broker", "other"),
    ("REVERT",): ("session_setting", "script"),
    ("SETUSER",): ("session_setting", "script"),
    ("OPEN", "SYMMETRIC"): ("security_key", "role"),
    ("OPEN", "MASTER"): ("security_key", "role"),
    ("CLOSE", "SYMMETRIC"): ("security_key", "role"),
    ("CLOSE", "MASTER"): ("security_key", "role"),
    ("CLOSE", "ALL"): ("security_key", "role"),
    ("PRINT",): ("script_control", "script"),
    ("RAISERROR",): ("script_control", "script"),
    ("THROW",): ("script_control", "script"),
    ("WAITFOR",): ("script_control", "script"),
    ("GOTO",): ("script_control", "script"),
    ("RETURN",): ("script_control", "script"),
    ("BREAK",): ("script_control", "script"),
    ("CONTINUE",): ("script_control", "script"),
    ("DECLARE",): ("script_control", "script"),
    ("DEALLOCATE",): ("script_control", "script"),
    ("OPEN",): ("script_control", "script"),
    ("CLOSE",): ("script_control", "script"),
    ("FETCH",): ("script_control", "script"),
    ("READTEXT",): ("query_statement", "script"),
    ("WRITETEXT",): ("text_pointer", "data"),
    ("UPDATETEXT",): ("text_pointer", "data"),
    ("RENAME",): ("alter_unknown_object", "table"),
    ("SELECT",): ("query_statement", "script"),
    ("WITH",): ("query_statement", "script"),
    ("(",): ("query_statement", "script"),
}  # fmt: skip

#: Statements whose text may hold a password or a key: nothing of it is kept but their name.
SECRET: Final = frozenset({"security_key", "login", "application_role", "server_principal", "database_link"})
_LONGEST: Final = 3


def find(table: dict[tuple[str, ...], tuple[str, str]], c: Cursor, at: int) -> tuple[str, str, int] | None:
    """Construct, kind, and how many words the head has, of what stands at token ``at``."""
    for size in range(_LONGEST, 0, -1):
        found = table.get(tuple(c.texts[at : at + size]))
        if found is not None:
            return (*found, size)
    return None


def shown_name(c: Cursor, at: int) -> str:
    """The name that stands at token ``at``, past IF EXISTS and a class such as ``OBJECT::``; empty if none does."""
    here, c.at = c.at, at
    try:
        c.accept("IF", "EXISTS")
        c.accept("IF", "NOT", "EXISTS")
        if c.accept("ON") or c.accept("TO"):
            pass
        if c.ahead() == "::":
            c.at += 2
        if c.word()[:1] == "'":
            return string_value(c.word())
        return str(c.qname()) if c.is_name() and c.word() not in ("ENCRYPTION", "WITH", "AS") else ""
    finally:
        c.at = here


def named(text: str) -> QName:
    """A name for an object that is only told by a text."""
    return QName(None, Name(text.upper(), True, text if text != text.upper() else ""))
