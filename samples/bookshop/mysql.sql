-- A small bookshop, as a SQL*Plus script.
CREATE TABLE authors (
    author_id int AUTO_INCREMENT,
    name varchar(120) NOT NULL,
    born datetime COMMENT 'Day of birth, where it''s known',
    biography longtext,
    CONSTRAINT authors_pk PRIMARY KEY (author_id)
) AUTO_INCREMENT=100 COLLATE=utf8mb4_0900_bin COMMENT='People who write, or wrote';

CREATE TABLE books (
    isbn char(13),
    author_id int NOT NULL,
    title varchar(400) NOT NULL,
    language varchar(2) NOT NULL DEFAULT 'en',
    price decimal(8, 2) CHECK (price >= 0),  -- in the shop's own currency
    stock int NOT NULL DEFAULT 0,
    added datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
    cover longblob,
    comment_ varchar(4000),
    net_price decimal(8, 2) GENERATED ALWAYS AS (ROUND(price / 1.07, 2)) VIRTUAL,
    CONSTRAINT books_pk PRIMARY KEY (isbn),
    FOREIGN KEY (author_id) REFERENCES authors (author_id) ON DELETE CASCADE,
    CONSTRAINT books_language_ck CHECK (language IN ('en', 'de', 'fr', 'es'))
) COLLATE=utf8mb4_0900_bin;

-- Orders are kept by month.
CREATE TABLE orders (
    order_id bigint AUTO_INCREMENT,
    isbn char(13) NOT NULL,
    quantity smallint NOT NULL DEFAULT 1,
    ordered datetime NOT NULL,
    CONSTRAINT orders_pk PRIMARY KEY (order_id),
    CONSTRAINT orders_book_fk FOREIGN KEY (isbn) REFERENCES books (isbn)
) AUTO_INCREMENT=1000 COLLATE=utf8mb4_0900_bin;

INSERT INTO authors (author_id, name, born) VALUES (1, 'Jane Austen', '1775-12-16');
INSERT INTO books (isbn, author_id, title, price, stock) VALUES ('9780141439518', 1, 'Pride and Prejudice', 7.99, 12);

CREATE INDEX books_title_ix ON books ((UPPER(title)));
CREATE INDEX books_language_ix ON books (language);

CREATE VIEW cheap_books AS
SELECT
    b.isbn,
    b.title,
    COALESCE(a.name, 'unknown') AS author,
    b.price
FROM books AS b
LEFT JOIN authors AS a
    ON b.author_id = a.author_id
WHERE
    b.price < 10;

DELIMITER $$
CREATE TRIGGER books_touch BEFORE UPDATE ON books
    FOR EACH ROW
BEGIN
    SET NEW.added = CURRENT_TIMESTAMP;
END
$$
DELIMITER ;

CREATE ROLE IF NOT EXISTS shop_app;
GRANT SELECT, INSERT ON orders TO shop_app;
