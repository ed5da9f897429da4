/** All families. */

import type { Family } from "../trick.ts";
import { chaining } from "./chaining.ts";
import { environment } from "./environment.ts";
import { exhaustion } from "./exhaustion.ts";
import { gitIndirection } from "./git-indirection.ts";
import { hooks } from "./hooks.ts";
import { hostSideGit } from "./host-side-git.ts";
import { interpreters } from "./interpreters.ts";
import { links } from "./links.ts";
import { readingTools } from "./reading-tools.ts";
import { spelling } from "./spelling.ts";
import { terminal } from "./terminal.ts";

export const families: readonly Family[] = [
  spelling,
  chaining,
  gitIndirection,
  interpreters,
  readingTools,
  hostSideGit,
  hooks,
  links,
  environment,
  exhaustion,
  terminal,
];
