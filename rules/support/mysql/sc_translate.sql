+++
emulates = "TRANSLATE and OTRANSLATE"
why = "no function replaces single characters all at once; REPLACE one by one would replace what it has just written"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/TRANSLATE.html"
+++
CREATE FUNCTION sc_translate(
  s LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  old TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  new TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
) RETURNS LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation} DETERMINISTIC NO SQL
BEGIN
  DECLARE made LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '';
  DECLARE at INT DEFAULT 1;
  DECLARE place INT;
  IF s IS NULL OR old IS NULL OR new IS NULL THEN
    RETURN NULL;
  END IF;
  WHILE at <= CHAR_LENGTH(s) DO
    SET place = LOCATE(SUBSTRING(s, at, 1), old);
    SET made = CONCAT(made, IF(place = 0, SUBSTRING(s, at, 1), SUBSTRING(new, place, 1)));
    SET at = at + 1;
  END WHILE;
  RETURN made;
END
