-- The journal: who, what came in, which files hold it, what sources said, who is one contact with whom.
-- Instants are microseconds since 1970 in UTC; days are written 2026-11-01; months are numbers such as 202611.

CREATE TABLE tenants (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    language TEXT NOT NULL,
    country TEXT NOT NULL,
    -- Goes up by one with every change of the tenant's files: who read an older one is told so.
    catalogue_version INTEGER NOT NULL DEFAULT 0,
    -- Goes up by one when links or decisions change; `judged` is the evidence that the merges were last judged by.
    evidence INTEGER NOT NULL DEFAULT 0,
    judged INTEGER NOT NULL DEFAULT 0
);

-- One import of one file. What it brought counts while the state is 'active'.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL REFERENCES tenants (n),
    state TEXT NOT NULL CHECK (state IN ('running', 'active', 'undone', 'failed', 'interrupted')),
    file_name TEXT NOT NULL,
    file_digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    mapping TEXT NOT NULL,
    as_of INTEGER,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    row_count INTEGER NOT NULL DEFAULT 0,
    touches INTEGER NOT NULL DEFAULT 0,
    duplicates INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    passed_over INTEGER NOT NULL DEFAULT 0,
    refused_path TEXT,
    -- 1 when the refused rows were put right and imported.
    corrected INTEGER NOT NULL DEFAULT 0,
    why TEXT
);
CREATE INDEX imports_by_digest ON imports (tenant, file_digest);

CREATE TABLE import_events (
    import INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (import, n)
) WITHOUT ROWID;

-- The catalogue: the Parquet files a question may read. `hidden` is a bitmap of row numbers that no question sees.
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL,
    path TEXT NOT NULL UNIQUE,
    month INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    digest TEXT NOT NULL,
    import INTEGER,
    generation INTEGER NOT NULL,
    hidden BLOB,
    first_at INTEGER,
    last_at INTEGER,
    min_identity INTEGER NOT NULL,
    max_identity INTEGER NOT NULL
);
CREATE INDEX files_by_month ON files (tenant, month);

-- Hot touches: what came by call and lies in no file yet.
CREATE TABLE touches (
    tenant INTEGER NOT NULL,
    id BLOB NOT NULL,
    identity INTEGER NOT NULL,
    at INTEGER,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    medium TEXT,
    campaign TEXT,
    placement TEXT,
    account TEXT,
    post TEXT,
    order_number TEXT,
    value INTEGER,
    currency TEXT,
    quantity REAL,
    item TEXT,
    score REAL,
    promised_at INTEGER,
    text TEXT,
    attributes TEXT NOT NULL,
    import INTEGER NOT NULL,
    version INTEGER NOT NULL,
    content INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE INDEX touches_of_identity ON touches (tenant, identity);

-- `imports` counts the standing imports that saw the identity; with none of them and no call, nobody knows it any more.
-- `name` is the smallest (in byte order) of the names that those who stand gave it.
CREATE TABLE identities (
    id INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    external TEXT NOT NULL,
    name TEXT,
    imports INTEGER NOT NULL,
    by_call INTEGER NOT NULL
);

-- Which import saw which identity, and under what name; import 0 is by call.
CREATE TABLE sightings (
    import INTEGER NOT NULL,
    identity INTEGER NOT NULL,
    name TEXT,
    PRIMARY KEY (import, identity)
) WITHOUT ROWID;

-- The channels on which a tenant's identities live: few, so that an identity is found by its number without an index.
CREATE TABLE identity_channels (
    tenant INTEGER NOT NULL,
    channel TEXT NOT NULL,
    PRIMARY KEY (tenant, channel)
) WITHOUT ROWID;

CREATE TABLE links (
    tenant INTEGER NOT NULL,
    import INTEGER NOT NULL,
    one INTEGER NOT NULL,
    other INTEGER NOT NULL,
    basis TEXT NOT NULL,
    PRIMARY KEY (tenant, import, one, other, basis)
) WITHOUT ROWID;

-- What sources say besides touches. Of those that stand, the highest (version, body) of a key is read.
CREATE TABLE records (
    tenant INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_key TEXT NOT NULL,
    import INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, record_key, import)
) WITHOUT ROWID;

CREATE TABLE merges (
    number INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL,
    one INTEGER NOT NULL,
    other INTEGER NOT NULL,
    basis TEXT,
    reason TEXT NOT NULL,
    confidence REAL NOT NULL,
    made_at INTEGER NOT NULL,
    -- NULL is the rules; otherwise the person.
    made_by TEXT,
    undone_at INTEGER,
    undone_by TEXT
);
CREATE INDEX merges_of_tenant ON merges (tenant, number);

CREATE TABLE proposals (
    number INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL,
    one INTEGER NOT NULL,
    other INTEGER NOT NULL,
    basis TEXT NOT NULL,
    reason TEXT NOT NULL,
    confidence REAL NOT NULL,
    proposed_at INTEGER NOT NULL,
    withdrawn_at INTEGER
);
CREATE INDEX proposals_of_tenant ON proposals (tenant, number);

CREATE TABLE decisions (
    tenant INTEGER NOT NULL,
    one INTEGER NOT NULL,
    other INTEGER NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('same', 'different')),
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, one, other)
) WITHOUT ROWID;

-- The text by which contacts are found, as it was written; its words lie in contact_words (each engine has its own index).
CREATE TABLE contact_texts (
    n INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL,
    import INTEGER NOT NULL,
    identity INTEGER NOT NULL,
    text TEXT NOT NULL
);

CREATE INDEX contact_texts_by_call ON contact_texts (identity) WHERE import = 0;

-- Text that is durable and not indexed yet: a JSON list of [identity, text]. An import does not wait for the index.
CREATE TABLE search_pending (
    n INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL,
    import INTEGER NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE mappings (
    name TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) WITHOUT ROWID;
