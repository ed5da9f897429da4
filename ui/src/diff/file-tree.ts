/** The changed files as a tree of folders; a folder with one child and no more is written in one line with it. */

import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";

export interface FolderNode {
  readonly kind: "folder";
  /** Its path: names it among the closed ones. */
  readonly path: string;
  /** What is shown: the last part, or several where there was nothing to choose. */
  readonly name: string;
  readonly children: readonly TreeNode[];
}

export interface FileNode {
  readonly kind: "file";
  readonly name: string;
  readonly file: ChangedFile;
}

export type TreeNode = FolderNode | FileNode;

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: ChangedFile[];
}

const newFolder = (): Folder => ({ folders: new Map(), files: [] });

export function treeOf(files: readonly ChangedFile[]): TreeNode[] {
  const root = newFolder();
  for (const file of files) {
    let folder = root;
    for (const part of file.path.split("/").slice(0, -1)) {
      const next = folder.folders.get(part) ?? newFolder();
      folder.folders.set(part, next);
      folder = next;
    }
    folder.files.push(file);
  }
  return nodesOf(root, "");
}

/** Files whose path, or former path, holds every word of the filter, without regard to case. */
export function filterFiles(files: readonly ChangedFile[], filter: string): ChangedFile[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return files.filter(({ path, oldPath }) => {
    const text = `${path}\n${oldPath ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The files in the order of the tree, in which the diff shows them too. */
export function inOrder(nodes: readonly TreeNode[]): ChangedFile[] {
  return nodes.flatMap((node) => (node.kind === "file" ? [node.file] : inOrder(node.children)));
}

function nodesOf(folder: Folder, path: string): TreeNode[] {
  const folders = [...folder.folders]
    .sort(([a], [b]) => compare(a, b))
    .map(([name, inner]) => joined(name, inner, path));
  const files = [...folder.files]
    .sort((a, b) => compare(a.path, b.path))
    .map((file): FileNode => ({ kind: "file", name: file.path.slice(file.path.lastIndexOf("/") + 1), file }));
  return [...folders, ...files];
}

function joined(name: string, folder: Folder, parent: string): FolderNode {
  let path = parent ? `${parent}/${name}` : name;
  let shown = name;
  let inner = folder;
  while (inner.files.length === 0 && inner.folders.size === 1) {
    const [[next, only]] = inner.folders as unknown as [[string, Folder]];
    path += `/${next}`;
    shown += `/${next}`;
    inner = only;
  }
  return { kind: "folder", path, name: shown, children: nodesOf(inner, path) };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface TreeRow {
  readonly node: TreeNode;
  /** 0 for those at the top. */
  readonly depth: number;
}

/** The rows of the tree that are seen: not what lies in a closed folder. */
export function rowsOfTree(nodes: readonly TreeNode[], closed: ReadonlySet<string>, depth = 0): TreeRow[] {
  return nodes.flatMap((node) => {
    const inner = node.kind === "folder" && !closed.has(node.path) ? rowsOfTree(node.children, closed, depth + 1) : [];
    return [{ node, depth }, ...inner];
  });
}
