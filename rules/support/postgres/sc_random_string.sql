+++
emulates = "DBMS_RANDOM.STRING"
why = "no function makes a text of random characters"
manual = "https://docs.oracle.com/en/database/oracle/oracle-database/19/arpls/DBMS_RANDOM.html"
+++
CREATE FUNCTION sc_random_string(how text, n integer) RETURNS text
  LANGUAGE sql VOLATILE PARALLEL SAFE
  RETURN (
    SELECT string_agg(SUBSTR(of_them, 1 + FLOOR(RANDOM() * LENGTH(of_them))::integer, 1), '')
    FROM generate_series(1, n),
      (SELECT CASE LOWER(how)
         WHEN 'l' THEN 'abcdefghijklmnopqrstuvwxyz'
         WHEN 'a' THEN 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
         WHEN 'x' THEN 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
         WHEN 'p' THEN (SELECT string_agg(CHR(code), '') FROM generate_series(32, 126) AS codes (code))
         ELSE 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
       END) AS alphabet (of_them)
  )
