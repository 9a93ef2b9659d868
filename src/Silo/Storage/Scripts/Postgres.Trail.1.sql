-- The trail on PostgreSQL, version 1: the tables of Trail.1.sql. Times are in milliseconds since 1970; account ids are numbers here.

CREATE TABLE kms_trail_chain (
    chain INTEGER PRIMARY KEY,
    chain_id TEXT NOT NULL UNIQUE,
    writer TEXT NOT NULL,
    begun_at BIGINT NOT NULL
);

-- Bodies do not compress well enough to be worth the time: EXTERNAL keeps them as they are.
CREATE TABLE kms_trail_block (
    chain INTEGER NOT NULL,
    number BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    first_event BIGINT NOT NULL,
    events INTEGER NOT NULL,
    time BIGINT NOT NULL,
    written_at BIGINT NOT NULL,
    root BYTEA NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    terms BYTEA,
    nonces BYTEA,
    body BYTEA NOT NULL,
    PRIMARY KEY (chain, number)
);

ALTER TABLE kms_trail_block ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE kms_trail_block ALTER COLUMN nonces SET STORAGE EXTERNAL;

CREATE TABLE kms_trail_index (
    account_id BIGINT NOT NULL,
    field SMALLINT NOT NULL,
    value BIGINT NOT NULL,
    time BIGINT NOT NULL,
    chain INTEGER NOT NULL,
    segment BIGINT NOT NULL,
    PRIMARY KEY (account_id, field, value, time, chain, segment)
);

CREATE TABLE kms_trail_intent (
    change_id TEXT NOT NULL,
    grain TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    clears INTEGER NOT NULL,
    took_place INTEGER NOT NULL,
    event BYTEA NOT NULL,
    PRIMARY KEY (change_id, grain)
);

CREATE INDEX kms_trail_intent_grain ON kms_trail_intent (grain);

CREATE TABLE kms_trail_pause (
    begun_at BIGINT NOT NULL,
    ended_at BIGINT
);

CREATE TABLE kms_trail_checkpoint (
    chain INTEGER NOT NULL,
    number BIGINT NOT NULL,
    first_block BIGINT NOT NULL,
    last_block BIGINT NOT NULL,
    signed_at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    key_id TEXT NOT NULL,
    PRIMARY KEY (chain, number)
);

CREATE TABLE kms_trail_key (
    key_id TEXT PRIMARY KEY,
    public_key BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);

CREATE TABLE kms_trail_probe (
    id INTEGER PRIMARY KEY,
    probed_at BIGINT NOT NULL
);
