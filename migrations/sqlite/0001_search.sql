-- Words come already cut and folded, with blanks between them, so the tokenizer only has to find the blanks: `ascii` takes
-- every character beyond ASCII for a letter. The text itself lies in contact_texts under the same number.
CREATE VIRTUAL TABLE contact_words USING fts5 (terms, content='', tokenize='ascii');
