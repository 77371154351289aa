-- Words come already cut and folded, with their places, so no parser and no dictionary of the server takes part.
CREATE TABLE contact_words (
    n BIGINT PRIMARY KEY,
    terms TSVECTOR NOT NULL
);
CREATE INDEX contact_words_by_term ON contact_words USING gin (terms);
