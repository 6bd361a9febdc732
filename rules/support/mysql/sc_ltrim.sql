+++
emulates = "LTRIM with several characters"
why = "TRIM takes a text off as a whole, not any of its characters"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/LTRIM.html"
+++
CREATE FUNCTION sc_ltrim(
  s LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  chars TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
) RETURNS LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation} DETERMINISTIC NO SQL
BEGIN
  DECLARE at INT DEFAULT 1;
  WHILE at <= CHAR_LENGTH(s) AND LOCATE(SUBSTRING(s, at, 1), chars) > 0 DO
    SET at = at + 1;
  END WHILE;
  RETURN IF(chars IS NULL, NULL, SUBSTRING(s, at));
END
