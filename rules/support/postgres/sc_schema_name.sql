+++
emulates = "DBMS_ASSERT.SCHEMA_NAME"
why = "to_regnamespace gives NULL for a schema that is not there"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/arpls/DBMS_ASSERT.html"
+++
CREATE FUNCTION sc_schema_name(s text) RETURNS text
  LANGUAGE plpgsql STABLE
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname IN (s, LOWER(s))) THEN
    RAISE EXCEPTION 'invalid schema: %', s USING ERRCODE = 'invalid_schema_name';
  END IF;
  RETURN s;
END
$$
