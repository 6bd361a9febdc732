+++
emulates = "DBMS_ASSERT.SIMPLE_SQL_NAME and QUALIFIED_SQL_NAME"
why = "no function tells whether a text is a name"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/arpls/DBMS_ASSERT.html"
+++
CREATE FUNCTION sc_sql_name(s text, qualified boolean) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
  name text := '\s*([[:alpha:]][\w$#]*|"[^"]+")\s*';
  several text := name || '(\.' || name || ')*';
  wanted text := CASE WHEN qualified THEN several || '(@' || several || ')?' ELSE name END;
BEGIN
  IF s IS NULL OR s !~ ('^' || wanted || '$') THEN
    RAISE EXCEPTION 'invalid SQL name: %', s USING ERRCODE = 'invalid_name';
  END IF;
  RETURN s;
END
$$
