-- Who works with this store, what they may do, what they did. What lets somebody in (tokens, codes, links) lies here as a hash only.
-- A tenant of 0 is the store as a whole.

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    -- Argon2id in its own notation (PHC), parameters and salt inside.
    password TEXT NOT NULL,
    must_change INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    -- 1 where the person may do what reaches beyond one tenant.
    operator INTEGER NOT NULL,
    -- Since when codes of an authenticator are asked for; the last step of 30 seconds whose code was used.
    totp_since INTEGER,
    totp_step INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);

CREATE TABLE memberships (
    tenant INTEGER NOT NULL REFERENCES tenants (n),
    user_id INTEGER NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'editor', 'agent', 'analyst')),
    since INTEGER NOT NULL,
    PRIMARY KEY (tenant, user_id)
) WITHOUT ROWID;
CREATE INDEX memberships_of_user ON memberships (user_id);

CREATE TABLE recovery_codes (
    user_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
) WITHOUT ROWID;

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    -- The tenant that the person looks at.
    tenant INTEGER,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    -- The nearer of the two ends: without use, and in any case.
    idle_ends_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);

-- Between the password and the second factor.
CREATE TABLE sign_in_tickets (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Browsers from which a user has signed in before: whoever guesses elsewhere does not slow them down.
CREATE TABLE devices (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Failed attempts, by what they were made on: an account, an address, a browser.
CREATE TABLE attempts (
    scope TEXT NOT NULL,
    subject BLOB NOT NULL,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    free_at INTEGER NOT NULL,
    PRIMARY KEY (scope, subject)
) WITHOUT ROWID;

CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    tenant INTEGER NOT NULL REFERENCES tenants (n),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'editor', 'agent', 'analyst')),
    -- NULL is the terminal.
    made_by INTEGER,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    used_at INTEGER,
    withdrawn_at INTEGER
);

CREATE TABLE reset_links (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE api_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    tenant INTEGER NOT NULL REFERENCES tenants (n),
    name TEXT NOT NULL,
    -- Names of permissions with blanks between them.
    scopes TEXT NOT NULL,
    made_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    ends_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER
);
CREATE INDEX api_tokens_of_tenant ON api_tokens (tenant);

-- What was done, in order; rows are added only. `hash` is over the row and the hash before it, so a change shows.
CREATE TABLE audit (
    tenant INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- JSON.
    details TEXT NOT NULL,
    address TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (tenant, n)
) WITHOUT ROWID;

-- The last row of each chain: without it a chain that lost its end would look whole.
CREATE TABLE audit_heads (
    tenant INTEGER NOT NULL PRIMARY KEY,
    n INTEGER NOT NULL,
    hash TEXT NOT NULL
);

-- Which key seals what is written from now on; the keys themselves lie outside the database.
CREATE TABLE vault (
    n INTEGER PRIMARY KEY CHECK (n = 1),
    key_id TEXT NOT NULL
);

CREATE TABLE secrets (
    tenant INTEGER NOT NULL,
    name TEXT NOT NULL,
    key_id TEXT NOT NULL,
    body BLOB NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;

-- Answers to requests that may come twice. Without a status the work is under way, by the process `run`.
CREATE TABLE once_answers (
    tenant INTEGER NOT NULL,
    caller TEXT NOT NULL,
    once_key TEXT NOT NULL,
    request BLOB NOT NULL,
    run TEXT NOT NULL,
    claim TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    status INTEGER,
    content_type TEXT,
    body BLOB,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, caller, once_key)
) WITHOUT ROWID;

CREATE TABLE saved_views (
    id TEXT NOT NULL PRIMARY KEY,
    tenant INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    name TEXT NOT NULL,
    page TEXT NOT NULL,
    search TEXT NOT NULL,
    shared INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
);
CREATE INDEX saved_views_of_tenant ON saved_views (tenant);
