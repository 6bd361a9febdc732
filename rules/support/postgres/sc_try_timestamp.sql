+++
emulates = "TRY_CAST of a text to a date"
why = "a cast fails where the text is no date, and a form alone does not tell that there is no 31st of April"
manual = "https://learn.microsoft.com/sql/t-sql/functions/try-cast-transact-sql"
since = "14"
+++
CREATE FUNCTION sc_try_timestamp(s text) RETURNS timestamp
  LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED
AS $$
BEGIN
  IF s !~ '^ *[0-9]{4}(-?)[0-9]{2}\1[0-9]{2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)? *$' THEN
    RETURN NULL;
  END IF;
  RETURN CAST(s AS timestamp);
EXCEPTION
  WHEN data_exception THEN
    RETURN NULL;
END
$$
