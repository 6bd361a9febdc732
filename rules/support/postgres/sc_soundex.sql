+++
emulates = "SOUNDEX"
why = "the function of that name is in the extension fuzzystrmatch only, and leaves letters out by other rules"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/SOUNDEX.html"
since = "14"
+++
CREATE FUNCTION sc_soundex(s text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (
    SELECT LEFT(word, 1) || RPAD(LEFT(REPLACE(SUBSTR(
        REGEXP_REPLACE(
          TRANSLATE(LEFT(word, 1) || TRANSLATE(SUBSTR(word, 2), 'HW', ''),
            'BFPVCGJKQSXZDTLMNRAEIOUYHW', '111122222222334556--------'),
          '(.)\1+', '\1', 'g'),
        2), '-', ''), 3), 3, '0')
    FROM (SELECT NULLIF(REGEXP_REPLACE(UPPER(s), '[^A-Z]', '', 'g'), '') AS word) AS letters
  )
