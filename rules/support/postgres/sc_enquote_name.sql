+++
emulates = "DBMS_ASSERT.ENQUOTE_NAME"
why = "names that were folded to capitals are folded to small letters here"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/arpls/DBMS_ASSERT.html"
+++
CREATE FUNCTION sc_enquote_name(s text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
  is_quoted boolean := s ~ '^".*"$' AND LENGTH(s) > 1;
  bare text := CASE WHEN is_quoted THEN SUBSTR(s, 2, LENGTH(s) - 2) ELSE s END;
BEGIN
  IF REPLACE(bare, '""', '') LIKE '%"%' THEN
    RAISE EXCEPTION 'numeric or value error: %', s USING ERRCODE = 'data_exception';
  END IF;
  RETURN '"' || CASE WHEN is_quoted THEN bare ELSE LOWER(bare) END || '"';
END
$$
