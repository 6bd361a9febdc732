+++
emulates = "ISJSON"
why = "a cast to json fails where the text is none, and IS JSON comes with PostgreSQL 16"
manual = "https://learn.microsoft.com/sql/t-sql/functions/isjson-transact-sql"
+++
CREATE FUNCTION sc_is_json(doc text) RETURNS integer
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED
AS $$
BEGIN
  RETURN CASE WHEN JSON_TYPEOF(CAST(doc AS json)) IN ('object', 'array') THEN 1 ELSE 0 END;
EXCEPTION
  WHEN data_exception THEN
    RETURN 0;
END
$$
