+++
emulates = "SOUNDEX"
why = "the function of that name gives more than four characters and leaves letters out by other rules"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/SOUNDEX.html"
+++
CREATE FUNCTION sc_soundex(s LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
RETURNS VARCHAR(4) CHARACTER SET utf8mb4 COLLATE {collation} DETERMINISTIC NO SQL
BEGIN
  DECLARE word LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT REGEXP_REPLACE(UPPER(s), '[^A-Z]', '');
  DECLARE made VARCHAR(4) DEFAULT LEFT(word, 1);
  DECLARE digit, last CHAR(1) DEFAULT '';
  DECLARE at INT DEFAULT 1;
  IF word IS NULL OR word = '' THEN
    RETURN NULL;
  END IF;
  WHILE at <= CHAR_LENGTH(word) AND CHAR_LENGTH(made) < 4 DO
    SET digit = SUBSTRING('-123-12--22455-12623-1-2-2', ASCII(SUBSTRING(word, at, 1)) - 64, 1);
    IF at > 1 AND digit <> '-' AND digit <> last THEN
      SET made = CONCAT(made, digit);
    END IF;
    IF at = 1 OR SUBSTRING(word, at, 1) NOT IN ('H', 'W') THEN
      SET last = digit;
    END IF;
    SET at = at + 1;
  END WHILE;
  RETURN RPAD(made, 4, '0');
END
