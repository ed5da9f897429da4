/** SQLite keeps the store's contract, in memory and on a file. What only SQLite has is in the other tests here. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeStoreContract } from "../store.contract.ts";
import { openSqliteStore } from "./open.ts";

describeStoreContract("SQLite in memory", async () => ({ store: await openSqliteStore(":memory:") }), false);

describeStoreContract(
  "SQLite on a file",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "orch-store-"));
    const path = join(folder, "a folder", "orch.db");
    return {
      store: await openSqliteStore(path),
      reopen: () => openSqliteStore(path),
      cleanup: () => rmSync(folder, { recursive: true }),
    };
  },
  true,
);
