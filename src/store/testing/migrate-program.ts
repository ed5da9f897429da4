/** Opens the database of its first argument, and kills itself before the statement of that number (its second argument). */

import Sqlite from "better-sqlite3";
import { openSqliteStore } from "../sqlite/open.ts";

const [path = "", fatal] = process.argv.slice(2);
let statements = 0;

function count(): void {
  statements += 1;
  if (statements !== Number(fatal)) return;
  process.kill(process.pid, "SIGKILL");
  // The signal is not handled before this line on every system; nothing more may happen.
  for (;;);
}

const { prepare, exec } = Sqlite.prototype;
Sqlite.prototype.prepare = function (this: Sqlite.Database, source: string) {
  count();
  return prepare.call(this, source);
} as typeof prepare;
Sqlite.prototype.exec = function (this: Sqlite.Database, source: string) {
  count();
  return exec.call(this, source);
};

(await openSqliteStore(path)).close();
console.log(statements);
