-- What the reference consumer keeps. A back office has tables like these already; what matters are the keys.

CREATE TABLE IF NOT EXISTS gateway (
  source     text PRIMARY KEY,                 -- fettle/v1/{gateway}
  session    bigint NOT NULL DEFAULT 0,
  state      text NOT NULL DEFAULT 'unknown',  -- online, offline, lost
  due        timestamptz,                      -- by then the next status should have come
  stale      boolean NOT NULL DEFAULT false,   -- its alerts stay as they are, but may be out of date
  info       jsonb
);

-- The latest document of each slot.
CREATE TABLE IF NOT EXISTS alert (
  source     text,
  slot       text,
  episode    text NOT NULL,
  rev        integer NOT NULL,
  sequence   text NOT NULL,
  state      text NOT NULL,
  document   jsonb NOT NULL,
  PRIMARY KEY (source, slot)
);

-- The unique episode is the promise that no technician is sent twice.
CREATE TABLE IF NOT EXISTS work_order (
  number     integer GENERATED ALWAYS AS IDENTITY (START WITH 10001) PRIMARY KEY,
  episode    text NOT NULL UNIQUE,
  source     text NOT NULL,
  slot       text NOT NULL,
  title      text NOT NULL,
  due        timestamptz,
  receipt    boolean NOT NULL DEFAULT false,   -- a revision has shown our acknowledgement
  outcome    jsonb,                            -- written by whoever did the work
  closed     boolean NOT NULL DEFAULT false,   -- a revision has shown the end
  ack_sent   timestamptz,
  close_sent timestamptz
);
