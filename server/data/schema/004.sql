CREATE TABLE emergencies (
  id {serial}, hospital TEXT NOT NULL REFERENCES hospitals(id),
  person TEXT NOT NULL, made_ms BIGINT NOT NULL,
  withdrawn_by TEXT NOT NULL DEFAULT '', withdrawn_ms BIGINT NOT NULL DEFAULT 0
);
