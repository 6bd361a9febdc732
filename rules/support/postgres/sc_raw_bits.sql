+++
emulates = "UTL_RAW.BIT_AND, BIT_OR and BIT_XOR"
why = "operators over bits do not take bytea"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/arpls/UTL_RAW.html"
+++
CREATE FUNCTION sc_raw_bits(a bytea, b bytea, what text) RETURNS bytea
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
  result bytea := CASE WHEN LENGTH(a) >= LENGTH(b) THEN a ELSE b END;
  one integer;
  other integer;
BEGIN
  FOR i IN 0 .. LEAST(LENGTH(a), LENGTH(b)) - 1 LOOP
    one := get_byte(a, i);
    other := get_byte(b, i);
    result := set_byte(result, i, CASE what WHEN 'and' THEN one & other WHEN 'or' THEN one | other ELSE one # other END);
  END LOOP;
  RETURN result;
END
$$
