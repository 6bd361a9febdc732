+++
emulates = "INITCAP"
why = "no function writes the first letter of each word large"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/INITCAP.html"
+++
CREATE FUNCTION sc_initcap(s LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation})
RETURNS LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation} DETERMINISTIC NO SQL
BEGIN
  DECLARE made LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation} DEFAULT LOWER(s);
  DECLARE at INT DEFAULT REGEXP_INSTR(made, '[[:alnum:]]');
  WHILE at > 0 DO
    SET made = INSERT(made, at, 1, UPPER(SUBSTRING(made, at, 1)));
    SET at = REGEXP_INSTR(made, '[^[:alnum:]][[:alnum:]]', at) + 1;
    SET at = IF(at > 1, at, 0);
  END WHILE;
  RETURN made;
END
