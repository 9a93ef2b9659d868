-- The service's own tables on SQLite.

-- Secrets of the service, by name: service-key is wrapped under the root key of the token, the others are sealed under the service key.
CREATE TABLE kms_secret (
    name TEXT PRIMARY KEY,
    root_key_version INTEGER NOT NULL,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- All CMKs, for lists. The truth about a key is its grain's state; a row is shown once the key is durable.
CREATE TABLE kms_key (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    shown INTEGER NOT NULL,
    announced_at INTEGER NOT NULL,
    UNIQUE (account_id, key_id)
);

CREATE INDEX kms_key_page ON kms_key (account_id, shown, ordinal, key_id);
CREATE INDEX kms_key_unfinished ON kms_key (announced_at) WHERE shown = 0;

-- How many keys of an account are shown, kept in the same transaction as the rows.
CREATE TABLE kms_account (
    account_id TEXT PRIMARY KEY,
    keys_shown INTEGER NOT NULL
) WITHOUT ROWID;

-- Nonces of requests that were dated ahead of the clock.
CREATE TABLE kms_nonce (
    access_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (access_key_id, nonce)
) WITHOUT ROWID;

CREATE INDEX kms_nonce_expiry ON kms_nonce (expires_at);

-- One row that the readiness check writes.
CREATE TABLE kms_probe (
    id INTEGER PRIMARY KEY,
    probed_at INTEGER NOT NULL
);
