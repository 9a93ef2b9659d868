-- Version 2: aliases, tags, quotas, pages at equal cost, what is due.

ALTER TABLE kms_key RENAME TO kms_key_1;
ALTER TABLE kms_account RENAME TO kms_account_1;
DROP INDEX kms_key_page;
DROP INDEX kms_key_unfinished;

-- All CMKs, for lists, sweeps and quotas. The truth about a key is its grain's state.
CREATE TABLE kms_key (
    account_id TEXT NOT NULL,
    -- In order of creation, from 1, per account; never used again.
    ordinal INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    -- 0 until the key is durable.
    shown INTEGER NOT NULL,
    -- When a change began that this row does not tell yet; null if it tells all.
    touched_at INTEGER,
    -- State, spec, usage and protection level in one number.
    class INTEGER NOT NULL,
    -- When the service has to do something to the key by itself; null if never.
    due_at INTEGER,
    versions INTEGER NOT NULL,
    PRIMARY KEY (account_id, ordinal),
    UNIQUE (account_id, key_id)
) WITHOUT ROWID;

CREATE INDEX kms_key_class ON kms_key (account_id, class, ordinal) WHERE shown = 1;
CREATE INDEX kms_key_touched ON kms_key (touched_at) WHERE touched_at IS NOT NULL;
CREATE INDEX kms_key_due ON kms_key (due_at) WHERE due_at IS NOT NULL;

-- All aliases. The truth about an alias is its grain's state.
CREATE TABLE kms_alias (
    account_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    key_id TEXT NOT NULL,
    shown INTEGER NOT NULL,
    touched_at INTEGER,
    PRIMARY KEY (account_id, ordinal),
    UNIQUE (account_id, name)
) WITHOUT ROWID;

CREATE INDEX kms_alias_key ON kms_alias (account_id, key_id, ordinal);
CREATE INDEX kms_alias_touched ON kms_alias (touched_at) WHERE touched_at IS NOT NULL;

-- Tags of CMKs, for ListTagResources.
CREATE TABLE kms_tag (
    account_id TEXT NOT NULL,
    key_ordinal INTEGER NOT NULL,
    tag_key TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    PRIMARY KEY (account_id, key_ordinal, tag_key)
) WITHOUT ROWID;

CREATE INDEX kms_tag_value ON kms_tag (account_id, tag_key, tag_value, key_ordinal);

-- How many rows of a list are shown, per thousand ordinals and class: a page is found by adding these up. Lists: 0 CMKs, 1 aliases.
CREATE TABLE kms_bucket (
    account_id TEXT NOT NULL,
    list INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    class INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    PRIMARY KEY (account_id, list, bucket, class)
) WITHOUT ROWID;

-- Last ordinals, and what counts against the quotas: rows that are not shown yet, too.
CREATE TABLE kms_account (
    account_id TEXT PRIMARY KEY,
    key_ordinal INTEGER NOT NULL DEFAULT 0,
    alias_ordinal INTEGER NOT NULL DEFAULT 0,
    keys INTEGER NOT NULL DEFAULT 0,
    aliases INTEGER NOT NULL DEFAULT 0,
    key_versions INTEGER NOT NULL DEFAULT 0,
    asymmetric_key_versions INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- What version 1 did not record is asked of the grains: every row counts as touched long ago.
INSERT INTO kms_key (account_id, ordinal, key_id, shown, touched_at, class, due_at, versions)
SELECT account_id, ordinal, key_id, shown, 0, 0, NULL, 1 FROM kms_key_1;

INSERT INTO kms_account (account_id, key_ordinal, keys, key_versions)
SELECT account_id, MAX(ordinal), COUNT(*), COUNT(*) FROM kms_key_1 GROUP BY account_id;

INSERT INTO kms_bucket (account_id, list, bucket, class, row_count)
SELECT account_id, 0, ordinal / 1000, 0, COUNT(*) FROM kms_key_1 WHERE shown = 1 GROUP BY account_id, ordinal / 1000;

DROP TABLE kms_key_1;
DROP TABLE kms_account_1;
