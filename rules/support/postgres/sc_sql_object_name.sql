+++
emulates = "DBMS_ASSERT.SQL_OBJECT_NAME"
why = "to_regclass gives NULL for a name that is none, and knows neither routines nor types"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/arpls/DBMS_ASSERT.html"
+++
CREATE FUNCTION sc_sql_object_name(s text) RETURNS text
  LANGUAGE plpgsql STABLE
AS $$
BEGIN
  IF s IS NULL OR COALESCE(to_regclass(s)::oid, to_regtype(s)::oid) IS NULL AND NOT EXISTS (
    SELECT FROM pg_proc
    WHERE proname = (parse_ident(s))[cardinality(parse_ident(s))]
      AND (cardinality(parse_ident(s)) = 1 OR pronamespace = to_regnamespace(quote_ident((parse_ident(s))[1])))
  ) THEN
    RAISE EXCEPTION 'invalid object name: %', s USING ERRCODE = 'undefined_object';
  END IF;
  RETURN s;
END
$$
