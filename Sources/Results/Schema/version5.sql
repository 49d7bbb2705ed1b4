-- Which cells ended before their planned epochs because they no longer improved.

ALTER TABLE cells ADD COLUMN
  stopped_early INTEGER NOT NULL DEFAULT 0 CHECK (stopped_early IN (0, 1));
    -- 1: done before planned_epochs, by the recipe's early_stopping
