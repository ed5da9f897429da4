/** Makes the orchestrator's own git directory: no hook, filter, driver or alias of anybody is known there. */

import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { checkedId, type JobRepository, mergeViewPath, notePath } from "./job-repository.ts";
import { isPartial, requireBaseObjects } from "./partial-clone.ts";
import { blobText, GITLINK, parseTree } from "./tree-diff.ts";
import { type ConfigEntry, configText, globalExcludes, lastValue, readUserConfig } from "./user-config.ts";

/** What decides how a file's bytes and mode become an object, and nothing else. */
const COPIED_SETTINGS = [
  "core.autocrlf",
  "core.eol",
  "core.filemode",
  "core.symlinks",
  "core.ignorecase",
  "core.precomposeunicode",
  // Objects land in the user's repository: others of a shared one must be able to read them.
  "core.sharedrepository",
];
/** How the user's repository says to reach its remote. May hold secrets, so the file is for its owner only. */
const PUSH_SETTINGS = /^(?:credential\.|http\.|core\.(?:sshcommand|askpass|gitproxy)$|ssh\.variant$)/;

/** Safe to run again: every file is replaced as a whole, and `HEAD`, which makes it a git directory, comes last. */
export async function makeJobGitDirectory(job: JobRepository): Promise<void> {
  const { repository, paths, scope } = job;
  for (const folder of ["objects", "refs", "info", "orch/index"]) {
    await mkdir(join(paths.git, folder), { recursive: true });
  }
  const config = await readUserConfig(repository, "effective", scope.signal);
  await replaceFile(join(paths.git, "config"), configText(ownConfig(repository.objectFormat, config)));
  const excludes = [await globalExcludes(config), await textOf(join(repository.gitDir, "info", "exclude"))];
  await replaceFile(join(paths.git, "info", "exclude"), `${excludes.join("\n")}\n`);
  await replaceFile(join(paths.git, "info", "attributes"), await textOf(join(repository.gitDir, "info", "attributes")));
  await copyIfThere(join(repository.gitDir, "shallow"), join(paths.git, "shallow"));
  if (repository.push) {
    const local = await readUserConfig(repository, "local", scope.signal);
    await replaceFile(pushConfigPath(job), configText(local.filter(([key]) => PUSH_SETTINGS.test(key))));
  }
  await replaceFile(join(paths.git, "HEAD"), "ref: refs/heads/none\n");
  if (isPartial(config)) await requireBaseObjects(job);
  await noteBase(job);
}

export const pushConfigPath = (job: JobRepository): string => notePath(job, "push-config");

/** The submodules of the base commit: paths of its gitlinks. */
export async function baseGitlinks(job: JobRepository): Promise<string[]> {
  return JSON.parse(await readFile(notePath(job, "gitlinks.json"), "utf8")) as string[];
}

/** Pins what the base commit says of submodules and attributes, so that nothing an agent writes changes it. */
async function noteBase(job: JobRepository): Promise<void> {
  const listed = parseTree(
    await job.trees.run(["ls-tree", "-r", "-z", "--full-tree", checkedId(job.repository.baseCommit)]),
  );
  const view = mergeViewPath(job);
  await mkdir(view, { recursive: true });
  for (const [path, { mode, id }] of listed) {
    if (!mode.startsWith("100") || basename(path) !== ".gitattributes") continue;
    const target = join(view, path);
    await mkdir(dirname(target), { recursive: true });
    await replaceFile(target, await blobText(job.trees, id));
  }
  const gitlinks = [...listed].filter(([, { mode }]) => mode === GITLINK).map(([path]) => path);
  await replaceFile(notePath(job, "gitlinks.json"), JSON.stringify(gitlinks));
}

function ownConfig(objectFormat: string, user: readonly ConfigEntry[]): ConfigEntry[] {
  const copied = COPIED_SETTINGS.flatMap((key): ConfigEntry[] => {
    const value = lastValue(user, key);
    return value === undefined ? [] : [[key, value]];
  });
  const plain = objectFormat === "sha1";
  return [
    ["core.repositoryformatversion", plain ? "0" : "1"],
    ["core.bare", "true"],
    ...(plain ? [] : [["extensions.objectformat", objectFormat] as const]),
    ...copied,
  ];
}

export async function replaceFile(path: string, content: string): Promise<void> {
  const next = `${path}.${process.pid}.tmp`;
  await rm(next, { force: true });
  await writeFile(next, content, { flag: "wx", mode: 0o600 });
  await rename(next, path);
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

async function copyIfThere(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
