-- Version 5: the trail. Times are in milliseconds since 1970.

-- Changes that were made in these tables, written in the same transaction: tells whether a change took place whose event the process did not come to record.
CREATE TABLE kms_change (
    change_id TEXT PRIMARY KEY,
    made_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX kms_change_made_at ON kms_change (made_at);

-- The trail has the nonces of all requests.
DROP TABLE kms_nonce;

-- What operators did becomes events: the id of a record's event is chosen first, and recorded is set when all accounts have it.
ALTER TABLE kms_admin_record ADD COLUMN event_id TEXT;
ALTER TABLE kms_admin_record ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;

-- Trails, as their accounts see them.
CREATE TABLE kms_trail (
    account_id TEXT NOT NULL,
    trail_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- 0 fresh, 1 delivers, 2 stopped.
    state INTEGER NOT NULL,
    event_rw TEXT NOT NULL,
    trail_region TEXT NOT NULL,
    bucket TEXT NOT NULL,
    prefix TEXT NOT NULL,
    write_role_arn TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    started_at INTEGER,
    stopped_at INTEGER,
    -- How its delivery does.
    delivered_at INTEGER,
    delivery_error TEXT,
    PRIMARY KEY (account_id, trail_id),
    UNIQUE (account_id, name)
) WITHOUT ROWID;

-- What there is to deliver: a run of the trail's events under one setting of one trail. It ends when the trail is stopped, changed or removed, and goes when all of it is delivered.
CREATE TABLE kms_trail_delivery (
    delivery_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    trail_id TEXT NOT NULL,
    trail_name TEXT NOT NULL,
    event_rw TEXT NOT NULL,
    trail_region TEXT NOT NULL,
    bucket TEXT NOT NULL,
    prefix TEXT NOT NULL,
    ended INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX kms_trail_delivery_trail ON kms_trail_delivery (trail_id);

-- How far it has come in each chain, and how far it goes: up to which block. A chain of which nothing is said is delivered from its first block on, unless the delivery has ended.
CREATE TABLE kms_trail_position (
    delivery_id TEXT NOT NULL,
    chain INTEGER NOT NULL,
    block INTEGER NOT NULL,
    last_block INTEGER,
    PRIMARY KEY (delivery_id, chain)
) WITHOUT ROWID;
