+++
emulates = "ISJSON"
why = "before version 16 nothing but a cast tells whether a text is JSON, and it fails"
manual = "https://learn.microsoft.com/sql/t-sql/functions/isjson-transact-sql"
since = "14"
+++
CREATE FUNCTION sc_is_json(s text) RETURNS boolean
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED
AS $$
BEGIN
  RETURN json_typeof(CAST(s AS json)) IN ('object', 'array');
EXCEPTION
  WHEN data_exception THEN
    RETURN FALSE;
END
$$
