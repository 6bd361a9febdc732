+++
emulates = "the bytes of nvarchar"
why = "CONVERT_TO knows no UTF-16"
manual = "https://learn.microsoft.com/sql/relational-databases/collations/collation-and-unicode-support"
since = "14"
+++
CREATE FUNCTION sc_utf16le(s text) RETURNS bytea
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (
    SELECT COALESCE(string_agg(
      CASE WHEN code < 65536
        THEN set_byte(set_byte('\x0000', 0, code & 255), 1, code >> 8)
        ELSE set_byte(set_byte(set_byte(set_byte('\x00000000',
          0, ((code - 65536) >> 10) & 255), 1, 216 + ((code - 65536) >> 18)),
          2, code & 255), 3, 220 + (((code - 65536) >> 8) & 3))
      END, '' ORDER BY at), '')
    FROM (SELECT at, ascii(substr(s, at, 1)) AS code FROM generate_series(1, length(s)) AS place (at)) AS character
  )
