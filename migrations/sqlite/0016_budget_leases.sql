-- Who holds how much of a budget: a row per app token, period and instance, from its first lease
-- until it gives back what it did not spend. A row past expires_at is of an instance that vanished;
-- its whole slice stays counted in t_budget_periods.
CREATE TABLE t_budget_leases (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    token_id BIGINT NOT NULL,
    period_start DATE NOT NULL,
    instance_id VARCHAR(64) NOT NULL,
    leased_nanousd BIGINT NOT NULL DEFAULT 0,
    spent_nanousd BIGINT NOT NULL DEFAULT 0,
    expires_at DATETIME NOT NULL,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'))
);

-- an instance's own row; all rows of a budget
CREATE UNIQUE INDEX uq_budget_leases_holder
    ON t_budget_leases (token_id, period_start, instance_id);
