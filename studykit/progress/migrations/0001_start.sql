-- The progress file as it begins: what was answered, what was decided, and what follows from both.

CREATE TABLE meta (
    -- Single facts of this file: which machine writes here, fitted weights.
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE deck (
    -- A deck file as it was last read; its cards are read again when `hash` differs.
    id       TEXT PRIMARY KEY,
    hash     TEXT NOT NULL,
    title    TEXT NOT NULL,
    position INTEGER NOT NULL,
    path     TEXT NOT NULL,
    total    INTEGER NOT NULL DEFAULT 0,
    present  INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX deck_in_order ON deck (position, id);

CREATE TABLE card (
    -- Every card ever seen. A card cut from its deck stays, not present, with its history.
    id       TEXT PRIMARY KEY,
    deck     TEXT NOT NULL REFERENCES deck (id),
    position INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    family   TEXT,
    text     TEXT NOT NULL,
    present  INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    fresh    INTEGER NOT NULL DEFAULT 1 CHECK (fresh IN (0, 1))  -- to be asked as a new card
) STRICT;

CREATE INDEX card_in_deck ON card (deck);
CREATE INDEX card_fresh ON card (fresh, present, deck, position, id)
    WHERE fresh = 1 AND present = 1;

CREATE TABLE need (
    -- Which cards a card presumes; follows from the decks. One that nobody has names no row of card.
    card  TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (card, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE review (
    -- One answer. Rows are only ever added: an undo is an action that names the row it cancels.
    id         TEXT PRIMARY KEY,                 -- uuid7; the order of ids is the order of the log
    machine    TEXT NOT NULL,
    card       TEXT REFERENCES card (id),        -- none for a drawn problem outside the decks
    deck       TEXT,
    day        INTEGER NOT NULL CHECK (day BETWEEN 1 AND 3652059),  -- study day, a date
    at_ms      INTEGER NOT NULL,
    kind       TEXT NOT NULL,                    -- study, cram, interview
    was        TEXT NOT NULL,                    -- new, learning, due: why it was asked
    grade      INTEGER CHECK (grade BETWEEN 1 AND 4),
    due        INTEGER CHECK (due BETWEEN 1 AND 4000000),  -- the day that this answer set
    elapsed_ms INTEGER NOT NULL CHECK (elapsed_ms >= 0),
    ticket     TEXT,                             -- rebuilds the problem that was shown
    answer     TEXT,
    result     TEXT,                             -- right, partly, wrong, self …
    mistakes   TEXT,                             -- JSON list of named mistakes
    hints      INTEGER NOT NULL DEFAULT 0,
    suggested  INTEGER CHECK (suggested BETWEEN 1 AND 4),
    session    TEXT,                             -- what belongs to one sitting or interview
    detail     TEXT,                             -- JSON: whatever else this kind of answer holds
    CHECK (kind <> 'study' OR (card IS NOT NULL AND grade IS NOT NULL AND due IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX review_of_card ON review (card);
CREATE INDEX review_of_day ON review (day, kind, was);

CREATE TABLE action (
    -- What was decided besides answers. Rows are only ever added.
    id      TEXT PRIMARY KEY,                    -- uuid7, in one order with the reviews
    machine TEXT NOT NULL,
    day     INTEGER NOT NULL CHECK (day BETWEEN 1 AND 3652059),
    at_ms   INTEGER NOT NULL,
    kind    TEXT NOT NULL,   -- undo redo suspend unsuspend bury unbury reset due rename same
    card    TEXT,
    target  TEXT,            -- undo, redo: the cancelled row; rename: the id the card has since
    due     INTEGER CHECK (due BETWEEN 1 AND 4000000),  -- bury: hidden before it; due: asked on it
    note    TEXT,            -- same: the text under which the card goes on
    batch   TEXT             -- actions that are undone together
) STRICT, WITHOUT ROWID;

CREATE INDEX action_on_target ON action (target) WHERE target IS NOT NULL;
CREATE INDEX action_on_card ON action (card) WHERE card IS NOT NULL;

CREATE TABLE alias (
    -- Former ids of cards; follows from the `rename` actions.
    old  TEXT PRIMARY KEY,
    card TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_of_card ON alias (card);

CREATE TABLE memory (
    -- What is remembered of each card that was answered or set aside: a cache that follows from
    -- the log and can be rebuilt from it. `present` repeats the card's.
    card         TEXT PRIMARY KEY REFERENCES card (id),
    deck         TEXT NOT NULL,
    present      INTEGER NOT NULL,
    stability    REAL,
    difficulty   REAL,
    due          INTEGER,
    last         INTEGER,
    reps         INTEGER NOT NULL DEFAULT 0,
    lapses       INTEGER NOT NULL DEFAULT 0,
    learning     INTEGER NOT NULL DEFAULT 0 CHECK (learning IN (0, 1)),
    suspended    INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
    buried_until INTEGER NOT NULL DEFAULT 0,
    shuffle      INTEGER NOT NULL DEFAULT 0,     -- order among cards due on one day
    -- The day from which it is asked as a due card; none while learning, suspended or absent.
    -- A plain column, because SQLite never counts from an index over a generated one alone.
    ready INTEGER CHECK (ready IS
        CASE WHEN present = 1 AND suspended = 0 AND learning = 0 AND reps > 0
             THEN max(due, buried_until) END),
    CHECK (reps = 0 OR (stability > 0 AND difficulty > 0 AND due IS NOT NULL AND last IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX memory_ready ON memory (ready, shuffle, card) WHERE ready IS NOT NULL;
CREATE INDEX memory_ready_in_deck ON memory (deck, ready, shuffle, card) WHERE ready IS NOT NULL;
CREATE INDEX memory_learning ON memory (card) WHERE learning = 1;
CREATE INDEX memory_suspended ON memory (suspended, present, deck)
    WHERE suspended = 1 AND present = 1;
CREATE INDEX memory_buried ON memory (buried_until) WHERE buried_until > 0;

CREATE VIEW undone AS
    -- The rows that were cancelled, on their last word.
    SELECT target AS id FROM action
    WHERE kind = 'undo' AND NOT EXISTS (
        SELECT 1 FROM action AS later
        WHERE later.target = action.target AND later.kind IN ('undo', 'redo')
          AND later.id > action.id);

CREATE VIEW standing AS
    -- The answers that were not undone.
    SELECT * FROM review
    WHERE NOT EXISTS (SELECT 1 FROM undone WHERE undone.id = review.id);

CREATE VIEW decided AS
    -- The actions that were not undone.
    SELECT * FROM action
    WHERE kind NOT IN ('undo', 'redo')
      AND NOT EXISTS (SELECT 1 FROM undone WHERE undone.id = action.id);

CREATE TRIGGER review_is_never_changed BEFORE UPDATE ON review
BEGIN SELECT raise(ABORT, 'answers are never changed'); END;

CREATE TRIGGER review_is_never_removed BEFORE DELETE ON review
BEGIN SELECT raise(ABORT, 'answers are never removed'); END;

CREATE TRIGGER review_is_never_replaced BEFORE INSERT ON review
WHEN EXISTS (SELECT 1 FROM review WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'answers are never replaced'); END;

CREATE TRIGGER action_is_never_changed BEFORE UPDATE ON action
BEGIN SELECT raise(ABORT, 'actions are never changed'); END;

CREATE TRIGGER action_is_never_removed BEFORE DELETE ON action
BEGIN SELECT raise(ABORT, 'actions are never removed'); END;

CREATE TRIGGER action_is_never_replaced BEFORE INSERT ON action
WHEN EXISTS (SELECT 1 FROM action WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'actions are never replaced'); END;
