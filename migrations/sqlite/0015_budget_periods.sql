-- The ledger of budgets: a row per app token and period. leased_nanousd is what was ever handed out
-- and not given back, and never passes the budget; spent_nanousd is what holders that are gone spent.
CREATE TABLE t_budget_periods (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    token_id BIGINT NOT NULL,
    -- the first day of the period; 1970-01-01 of a budget without one
    period_start DATE NOT NULL,
    leased_nanousd BIGINT NOT NULL DEFAULT 0,
    spent_nanousd BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'))
);

-- a budget's row, at each lease
CREATE UNIQUE INDEX uq_budget_periods_period ON t_budget_periods (token_id, period_start);
