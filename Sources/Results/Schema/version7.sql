-- What an experiment claims about its models.

ALTER TABLE experiments ADD COLUMN
  claims TEXT NOT NULL DEFAULT '[]' CHECK (json_type(claims) = 'array');
    -- objects with kind, model, than and statement; they change no result
