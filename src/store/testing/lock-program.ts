/**
 * Another program at the database of its first argument: `hold` takes the write lock and has written something, as a
 * migration would; `release` gives the lock back and undoes it. Answers each with a line.
 */

import { createInterface } from "node:readline";
import Sqlite from "better-sqlite3";

const sqlite = new Sqlite(process.argv[2] as string, { timeout: 5000 });
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "hold") sqlite.exec("begin immediate; create table half_made (x); insert into half_made values (1)");
  if (line === "release") sqlite.exec("rollback");
  console.log(line);
}
sqlite.close();
