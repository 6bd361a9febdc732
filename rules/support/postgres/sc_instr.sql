+++
emulates = "INSTR with a place to begin at and an occurrence"
why = "STRPOS searches from the beginning and knows the first occurrence only"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/INSTR.html"
since = "14"
orafce = "plvstr.instr"
+++
CREATE FUNCTION sc_instr(s text, part text, start integer, nth integer) RETURNS integer
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE
    WHEN s = '' OR part = '' THEN NULL
    WHEN start = 0 THEN 0
    ELSE COALESCE(
      (SELECT at
       FROM generate_series(
         CASE WHEN start > 0 THEN start ELSE LENGTH(s) + 1 + start END,
         CASE WHEN start > 0 THEN LENGTH(s) ELSE 1 END,
         SIGN(start)::integer
       ) WITH ORDINALITY AS place (at, step)
       WHERE SUBSTR(s, at, LENGTH(part)) = part
       ORDER BY step
       LIMIT 1 OFFSET nth - 1),
      0)
  END
