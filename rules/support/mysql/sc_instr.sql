+++
emulates = "INSTR with a place to begin at and an occurrence"
why = "LOCATE searches forwards and knows the first occurrence only"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/INSTR.html"
+++
CREATE FUNCTION sc_instr(
  s LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation},
  part LONGTEXT CHARACTER SET utf8mb4 COLLATE {collation},
  start INT,
  nth INT
) RETURNS INT DETERMINISTIC NO SQL
BEGIN
  DECLARE at INT DEFAULT IF(start > 0, start, CHAR_LENGTH(s) + 1 + start);
  IF s IS NULL OR part IS NULL OR start IS NULL OR nth IS NULL OR s = '' OR part = '' THEN
    RETURN NULL;
  ELSEIF nth < 1 THEN
    SIGNAL SQLSTATE '22023' SET MESSAGE_TEXT = 'the occurrence must be positive';
  ELSEIF start = 0 THEN
    RETURN 0;
  ELSEIF start > 0 THEN
    SET at = start - 1;
    REPEAT
      SET at = LOCATE(part, s, at + 1), nth = nth - 1;
    UNTIL at = 0 OR nth = 0 END REPEAT;
    RETURN at;
  END IF;
  WHILE at > 0 DO
    IF SUBSTRING(s, at, CHAR_LENGTH(part)) = part THEN
      SET nth = nth - 1;
      IF nth = 0 THEN
        RETURN at;
      END IF;
    END IF;
    SET at = at - 1;
  END WHILE;
  RETURN 0;
END
