-- The ledger of budgets: a row per app token and period. leased_nanousd is what was ever handed out
-- and not given back, and never passes the budget; spent_nanousd is what holders that are gone spent.
CREATE TABLE t_budget_periods (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    token_id BIGINT NOT NULL,
    -- the first day of the period; 1970-01-01 of a budget without one
    period_start DATE NOT NULL,
    leased_nanousd BIGINT NOT NULL DEFAULT 0,
    spent_nanousd BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- a budget's row, at each lease
    UNIQUE INDEX uq_budget_periods_period (token_id, period_start)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
