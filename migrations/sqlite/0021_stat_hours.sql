-- What is known of each UTC hour in which calls arrived: which hours the tables of usage do not have
-- as the records have them now. A transaction that writes records adds 1 to changes of their hours,
-- as its last statements; a fold notes in folded_changes what changes said before it read.
CREATE TABLE t_stat_hours (
    hour DATETIME NOT NULL,
    is_dirty BOOLEAN NOT NULL DEFAULT TRUE,
    changes BIGINT NOT NULL DEFAULT 1,
    folded_changes BIGINT NOT NULL DEFAULT 0,
    -- How often it was folded: a fold that another one overtook finds another number, and gives up.
    folds BIGINT NOT NULL DEFAULT 0,
    -- How many records the last fold read.
    folded_rows BIGINT NOT NULL DEFAULT 0,
    -- The last record that the purge may remove, or has removed, of an hour past the retention. From
    -- then on a later record is added to what the tables of usage have, which no fold can make anew.
    purged_through_id BIGINT NULL,
    dirty_at DATETIME NULL,
    folded_at DATETIME NULL,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    -- one hour; a range of them
    PRIMARY KEY (hour)
);

-- hours to fold, and those that reports read from the records
CREATE INDEX ix_stat_hours_dirty ON t_stat_hours (is_dirty, hour);
