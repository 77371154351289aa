-- What people say on the pages: what they have done this morning, and their saved mappings, each tenant's apart.

-- An action of the morning that somebody has done: it is not said again that day.
CREATE TABLE done_actions (
    tenant INTEGER NOT NULL,
    day TEXT NOT NULL,
    action TEXT NOT NULL,
    done_by TEXT NOT NULL,
    done_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, action)
) WITHOUT ROWID;

CREATE TABLE saved_mappings (
    tenant INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;
INSERT INTO saved_mappings (tenant, name, body) SELECT t.n, m.name, m.body FROM tenants t CROSS JOIN mappings m;
DROP TABLE mappings;
