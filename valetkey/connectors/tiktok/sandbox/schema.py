"""The tables of the stand-in's state. Decides what is kept; the files of the families decide what it means.

Instants are whole Unix seconds. Codes and tokens are sealed, and found by fingerprint. Nothing derived is stored:
expired, in use and delivering follow from the rows and the clock.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = 1

TABLES: Final = """
CREATE TABLE clock (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    stopped_at INTEGER,                       -- microseconds; NULL while it runs
    ahead INTEGER NOT NULL DEFAULT 0          -- microseconds it runs ahead of real time
) STRICT;
CREATE TABLE switches (name TEXT PRIMARY KEY, choice TEXT NOT NULL) STRICT;
CREATE TABLE faults (
    fault_id INTEGER PRIMARY KEY,
    path TEXT NOT NULL, fault TEXT NOT NULL,
    code INTEGER NOT NULL, message TEXT NOT NULL, seconds REAL NOT NULL, times INTEGER NOT NULL
) STRICT;
CREATE TABLE seconds (                        -- calls per second, for the throttles
    counted TEXT PRIMARY KEY, second INTEGER NOT NULL, calls INTEGER NOT NULL
) STRICT;

CREATE TABLE apps (
    app_id TEXT PRIMARY KEY, secret BLOB NOT NULL,
    numeric_scopes TEXT NOT NULL, dotted_scopes TEXT NOT NULL   -- JSON lists, as in every column of scopes
) STRICT;
CREATE TABLE oauth_codes (
    code_print BLOB PRIMARY KEY,
    audience TEXT NOT NULL CHECK (audience IN ('advertiser', 'creator')),
    subject TEXT NOT NULL,                    -- JSON list of ad account ids, or of one open_id
    scopes TEXT NOT NULL, ends_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE advertiser_tokens (
    token_print BLOB PRIMARY KEY, token BLOB NOT NULL, holder TEXT NOT NULL,
    ad_account_ids TEXT NOT NULL, scopes TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE logins (                         -- one consent of a creator: its refresh token outlives the access tokens
    login_id INTEGER PRIMARY KEY, refresh_print BLOB NOT NULL UNIQUE, refresh BLOB NOT NULL,
    open_id TEXT NOT NULL REFERENCES creators, scopes TEXT NOT NULL,
    ends_at INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE creator_tokens (
    token_print BLOB PRIMARY KEY, token BLOB NOT NULL,
    login_id INTEGER NOT NULL REFERENCES logins, ends_at INTEGER NOT NULL
) STRICT;

CREATE TABLE creators (
    open_id TEXT PRIMARY KEY, handle TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    is_business INTEGER NOT NULL, is_government INTEGER NOT NULL DEFAULT 0, followers INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE posts (
    item_id TEXT PRIMARY KEY, open_id TEXT NOT NULL REFERENCES creators,
    short_name TEXT NOT NULL,                 -- the seed's own word for it; TikTok has none
    kind TEXT NOT NULL CHECK (kind IN ('video', 'carousel', 'story')),
    state TEXT NOT NULL, caption TEXT NOT NULL, created_at INTEGER NOT NULL,
    duet_of TEXT, stitch_of TEXT, of_carousel INTEGER NOT NULL DEFAULT 0, is_multi INTEGER NOT NULL DEFAULT 0,
    mentions TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX posts_of_creator ON posts (open_id, created_at);
CREATE TABLE codes (
    code_id INTEGER PRIMARY KEY, item_id TEXT NOT NULL REFERENCES posts,
    code_print BLOB NOT NULL UNIQUE, code BLOB NOT NULL,
    starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, term_days INTEGER NOT NULL,
    applied_at INTEGER, deleted_at INTEGER, off_at INTEGER
) STRICT;
CREATE INDEX codes_of_post ON codes (item_id);

CREATE TABLE ad_accounts (
    ad_account_id TEXT PRIMARY KEY, holder TEXT NOT NULL, name TEXT NOT NULL, time_zone TEXT NOT NULL
) STRICT;
CREATE TABLE ad_groups (
    ad_group_id TEXT PRIMARY KEY, ad_account_id TEXT NOT NULL REFERENCES ad_accounts, name TEXT NOT NULL,
    campaign_id TEXT NOT NULL, campaign_name TEXT NOT NULL
) STRICT;
CREATE TABLE applications (
    ad_account_id TEXT NOT NULL REFERENCES ad_accounts, code_id INTEGER NOT NULL REFERENCES codes,
    item_id TEXT NOT NULL REFERENCES posts, applied_at INTEGER NOT NULL,
    PRIMARY KEY (ad_account_id, code_id)
) STRICT;
CREATE INDEX applications_of_post ON applications (item_id);
CREATE TABLE identities (
    identity_id TEXT PRIMARY KEY, ad_account_id TEXT NOT NULL REFERENCES ad_accounts,
    open_id TEXT NOT NULL REFERENCES creators,
    UNIQUE (ad_account_id, open_id)
) STRICT;
CREATE TABLE ads (
    ad_id TEXT PRIMARY KEY, ad_account_id TEXT NOT NULL REFERENCES ad_accounts,
    ad_group_id TEXT NOT NULL REFERENCES ad_groups, item_id TEXT NOT NULL REFERENCES posts,
    identity_id TEXT NOT NULL, name TEXT NOT NULL, ad_format TEXT NOT NULL, call_to_action TEXT,
    operation_status TEXT NOT NULL, is_smart_plus INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX ads_on_post ON ads (item_id);
CREATE INDEX ads_of_account ON ads (ad_account_id);

CREATE TABLE marketplace_requests (
    item_id TEXT NOT NULL REFERENCES posts, tcm_account_id TEXT NOT NULL,
    days INTEGER NOT NULL, status TEXT NOT NULL, updated_at INTEGER NOT NULL, requests INTEGER NOT NULL,
    PRIMARY KEY (item_id, tcm_account_id)
) STRICT;
"""

TABLE_NAMES: Final = tuple(line.split()[2] for line in TABLES.splitlines() if line.startswith("CREATE TABLE "))
