+++
emulates = "UTL_MATCH.EDIT_DISTANCE"
why = "LEVENSHTEIN is in the extension fuzzystrmatch, and takes 255 characters"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/arpls/UTL_MATCH.html"
+++
CREATE FUNCTION sc_edit_distance(a text, b text) RETURNS integer
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
  before integer[] := ARRAY(SELECT generate_series(0, LENGTH(b)));
  line integer[];
BEGIN
  FOR i IN 1 .. LENGTH(a) LOOP
    line := ARRAY[i];
    FOR j IN 1 .. LENGTH(b) LOOP
      line[j + 1] := LEAST(
        line[j] + 1, before[j + 1] + 1, before[j] + (SUBSTR(a, i, 1) <> SUBSTR(b, j, 1))::integer
      );
    END LOOP;
    before := line;
  END LOOP;
  RETURN before[LENGTH(b) + 1];
END
$$
