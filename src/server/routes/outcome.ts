/** What a job left: logs, diffs, conflicts, artifacts; and the tables as they are. */

import { z } from "zod";
import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import type { Json } from "../../core/json.ts";
import {
  type ArtifactsView,
  type ConflictsView,
  diffFileQuerySchema,
  diffQuerySchema,
} from "../../core/protocol/diffs.ts";
import { type LogSources, logQuerySchema } from "../../core/protocol/logs.ts";
import { redactJson } from "../../core/redact.ts";
import { findJob } from "../../jobs/jobs.ts";
import { conflictFile, conflictsOf } from "../../jobs/view/conflicts.ts";
import { diffView, fileDiff } from "../../jobs/view/job-diff.ts";
import { listLogs } from "../../jobs/view/log-sources.ts";
import { jobIdOf, numberOf, queryOf } from "../request.ts";
import { get, type Route } from "./route.ts";

const rows = z.coerce.number().int().min(1).max(1000).default(100);
const fileIndex = z.object({ file: z.coerce.number().int().min(0).max(1_000_000) });

export const outcomeRoutes: readonly Route[] = [
  get("/api/jobs/:job/logs", async (call, { store, reads }): Promise<LogSources> => {
    return { logs: await listLogs(reads, findJob(store, jobIdOf(call))) };
  }),
  get("/api/jobs/:job/logs/:log", (call, { store, logs, keepSecretsOf }) => {
    const job = findJob(store, jobIdOf(call));
    keepSecretsOf(job);
    return logs.page(job, call.params.log ?? "", queryOf(call, logQuerySchema));
  }),
  get("/api/jobs/:job/diff", (call, { store, reads }) =>
    diffView(store, reads, findJob(store, jobIdOf(call)), queryOf(call, diffQuerySchema).of),
  ),
  get("/api/jobs/:job/diff/file", (call, { store, reads }) =>
    fileDiff(store, reads, findJob(store, jobIdOf(call)), queryOf(call, diffFileQuerySchema)),
  ),
  get("/api/jobs/:job/conflicts", (call, { store, reads }): ConflictsView => {
    return { conflicts: conflictsOf(reads, findJob(store, jobIdOf(call))) };
  }),
  get("/api/jobs/:job/conflicts/:id/file", (call, { store, reads }) => {
    const id = numberOf(call.params.id, "a conflict");
    return conflictFile(reads, findJob(store, jobIdOf(call)), id, queryOf(call, fileIndex).file);
  }),
  get("/api/jobs/:job/artifacts", (call, { store }): ArtifactsView => {
    const artifacts = store.listArtifacts(findJob(store, jobIdOf(call)).id);
    return {
      artifacts: artifacts.map(({ name, seq, content }) => ({ name, seq, bytes: JSON.stringify(content).length })),
    };
  }),
  get("/api/jobs/:job/artifacts/:name", (call, { store }) => {
    const { id } = findJob(store, jobIdOf(call));
    const name = call.params.name ?? "";
    const { seq } = queryOf(call, z.object({ seq: z.coerce.number().int().min(0).optional() }));
    const found = store
      .listArtifacts(id)
      .findLast((artifact) => artifact.name === name && (seq === undefined || artifact.seq === seq));
    if (found) return found.content;
    throw new UsageError(`job ${id} has no artifact "${printable(name)}"`, { code: "artifact-unknown" });
  }),
  get("/api/db", (call, { reads, redact }) => {
    const { limit, table } = queryOf(call, z.object({ limit: rows, table: z.string().max(40).optional() }));
    return { tables: redactJson(reads.dump({ limit, table }) as unknown as Json, redact) };
  }),
];
