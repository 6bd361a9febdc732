+++
emulates = "DBMS_ASSERT.ENQUOTE_LITERAL"
why = "QUOTE_LITERAL doubles a quote, where the source refuses a single one"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/arpls/DBMS_ASSERT.html"
+++
CREATE FUNCTION sc_enquote_literal(s text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
  bare text := CASE WHEN s ~ '^''.*''$' AND LENGTH(s) > 1 THEN SUBSTR(s, 2, LENGTH(s) - 2) ELSE COALESCE(s, '') END;
BEGIN
  IF REPLACE(bare, '''''', '') LIKE '%''%' THEN
    RAISE EXCEPTION 'numeric or value error: %', s USING ERRCODE = 'data_exception';
  END IF;
  RETURN '''' || bare || '''';
END
$$
