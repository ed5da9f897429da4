/** The tables as Kysely types them. Columns that end in `_json` hold JSON text; times are milliseconds since the epoch. */

import type { GeneratedAlways } from "kysely";

export interface Schema {
  jobs: {
    id: string;
    workflow: string;
    version: number;
    definition_hash: string;
    status: string;
    closed: number;
    input_json: string;
    output_json: string | null;
    error_json: string | null;
    labels_json: string;
    created_at: number;
    /** When the row was last changed; an entry of the history may be newer. */
    updated_at: number;
    lease_epoch: number;
    lease_owner_json: string | null;
    lease_expires_at: number | null;
  };
  actors: {
    job_id: string;
    id: string;
    workflow: string;
    version: number;
    definition_hash: string;
    status: string;
    snapshot_json: string | null;
    updated_seq: number;
  };
  history: {
    job_id: string;
    seq: number;
    at: number;
    actor_id: string;
    /** Number of the first activity that it scheduled; the others follow it. */
    first_activity: number | null;
    activity_count: number;
    snapshot_hash: string;
    state_json: string;
    event_json: string;
    effects_json: string;
  };
  activities: {
    number: GeneratedAlways<number>;
    effect_id: string;
    job_id: string;
    actor_id: string;
    invoke_id: string;
    name: string;
    input_json: string;
    status: string;
    attempt: number;
    failures: number;
    scheduled_at: number;
    due_at: number;
    heartbeat_json: string | null;
    heartbeat_at: number | null;
    finished_at: number | null;
    error_json: string | null;
  };
  timers: {
    job_id: string;
    actor_id: string;
    send_id: string;
    event_json: string;
    fire_at: number;
  };
  signals: {
    number: GeneratedAlways<number>;
    job_id: string;
    id: string;
    actor_id: string;
    event_json: string;
    external: number;
    created_at: number;
    delivered_seq: number | null;
  };
  artifacts: {
    job_id: string;
    name: string;
    seq: number;
    content_json: string;
  };
  usage: {
    job_id: string;
    meter: string;
    input_tokens: number;
    cached_input_tokens: number;
    output_tokens: number;
    reasoning_output_tokens: number;
  };
  notes: {
    job_id: string;
    name: string;
    content_json: string;
  };
}
