/**
 * What the file has to hold, step by step: a file is brought from the step that it is at to the last one. A step that has been
 * published is never changed; what comes later is a step of its own.
 *
 * Every name begins with `plugboard_`, so that the tables can stand beside those of an application. Times are milliseconds since the
 * epoch, amounts nano-dollars.
 */
export const migrations: readonly string[] = [
  `
  -- The latest time that any process has seen, the day of the last tidying, and the last token of a lease.
  CREATE TABLE plugboard_clock (
    one INTEGER PRIMARY KEY CHECK (one = 1), now INTEGER NOT NULL, tidied TEXT NOT NULL, token INTEGER NOT NULL
  ) STRICT;
  INSERT INTO plugboard_clock VALUES (1, 0, '', 0);

  -- The sums of one key in one window. "period" is the day or month, empty where the window has no borders; "rolling" the length of a
  -- rolling window, else 0; "open" counts the reservations that may still be booked; "slices" the rows below.
  CREATE TABLE plugboard_account (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, window TEXT NOT NULL, period TEXT NOT NULL, rolling REAL NOT NULL,
    spent INTEGER NOT NULL DEFAULT 0, assumed INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0,
    open INTEGER NOT NULL DEFAULT 0, slices INTEGER NOT NULL DEFAULT 0,
    UNIQUE (key, window, period)
  ) STRICT;

  -- Of a rolling window, what was reserved between two times and is booked by now.
  CREATE TABLE plugboard_slice (
    log INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    spent INTEGER NOT NULL DEFAULT 0, assumed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (log, first)
  ) STRICT, WITHOUT ROWID;

  -- Reservations: live ones, and those that were charged when their lease ran out. "places" is JSON: the scopes and their accounts.
  CREATE TABLE plugboard_hold (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, amount INTEGER NOT NULL, expires REAL NOT NULL, assumed INTEGER NOT NULL,
    places TEXT NOT NULL, labels TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX plugboard_hold_live ON plugboard_hold (expires) WHERE assumed = 0;

  -- The rows of the report.
  CREATE TABLE plugboard_spend (
    day TEXT NOT NULL, labels TEXT NOT NULL,
    attempts INTEGER NOT NULL, spent INTEGER NOT NULL, assumed INTEGER NOT NULL,
    PRIMARY KEY (day, labels)
  ) STRICT, WITHOUT ROWID;

  -- Answers in the order in which they were set, and how many they are. Values are UTF-8: node:sqlite reads a TEXT up to its first zero.
  CREATE TABLE plugboard_cache (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value BLOB NOT NULL, bytes INTEGER NOT NULL, expires REAL NOT NULL
  ) STRICT;
  CREATE INDEX plugboard_cache_expires ON plugboard_cache (expires);
  CREATE TABLE plugboard_cache_size (
    one INTEGER PRIMARY KEY CHECK (one = 1), entries INTEGER NOT NULL, bytes INTEGER NOT NULL
  ) STRICT;
  INSERT INTO plugboard_cache_size VALUES (1, 0, 0);

  -- What was taken of a limit within its window, in all and bit by bit.
  CREATE TABLE plugboard_limit (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, window REAL NOT NULL, used REAL NOT NULL DEFAULT 0,
    slices INTEGER NOT NULL DEFAULT 0,
    UNIQUE (key, window)
  ) STRICT;
  CREATE TABLE plugboard_take (
    log INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, amount REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (log, first)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE plugboard_lease (
    key TEXT PRIMARY KEY, token INTEGER NOT NULL, expires REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX plugboard_lease_expires ON plugboard_lease (expires);
  `,
];
