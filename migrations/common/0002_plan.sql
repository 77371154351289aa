-- What a tenant has and plans: brands, accounts with their roles, campaigns with stages and steps, placements.

CREATE TABLE brands (
    tenant INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('own', 'competitor')),
    -- A JSON list of names.
    aliases TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE TABLE accounts (
    tenant INTEGER NOT NULL,
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    handle TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE TABLE account_roles (
    tenant INTEGER NOT NULL,
    account TEXT NOT NULL,
    n INTEGER NOT NULL,
    objective TEXT NOT NULL,
    audience TEXT NOT NULL,
    measure TEXT NOT NULL,
    PRIMARY KEY (tenant, account, n)
) WITHOUT ROWID;

CREATE TABLE campaigns (
    tenant INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    -- The definition of success: all five or none.
    success_measure TEXT,
    success_baseline REAL,
    success_target REAL,
    success_by TEXT,
    success_method TEXT,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE TABLE campaign_stages (
    tenant INTEGER NOT NULL,
    campaign TEXT NOT NULL,
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (tenant, campaign, n)
) WITHOUT ROWID;

CREATE TABLE campaign_steps (
    tenant INTEGER NOT NULL,
    campaign TEXT NOT NULL,
    stage INTEGER NOT NULL,
    n INTEGER NOT NULL,
    what TEXT NOT NULL,
    owner TEXT NOT NULL,
    on_day TEXT NOT NULL,
    done INTEGER NOT NULL,
    PRIMARY KEY (tenant, campaign, stage, n)
) WITHOUT ROWID;

CREATE TABLE placements (
    tenant INTEGER NOT NULL,
    id TEXT NOT NULL,
    campaign TEXT NOT NULL,
    medium TEXT NOT NULL,
    content TEXT NOT NULL,
    form TEXT NOT NULL,
    place TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    cost_minor INTEGER,
    cost_currency TEXT,
    link TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
