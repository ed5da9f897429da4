/** Notes: what is kept about jobs for those who are told of them. */

import { expect, test } from "vitest";
import type { OpenStore } from "../store.contract.ts";
import { commitNext, startJob } from "../testing/samples.ts";

export function describeNotes(open: OpenStore): void {
  test("a note is added once: whoever comes second learns that it is there, and changes nothing", async () => {
    const { store } = await open();
    const note = (content: string) => ({ jobId: "j", name: "answer", content });
    expect(store.getNote("j", "answer")).toBeUndefined();
    expect(store.addNote(note("first"))).toBe(true);
    expect(store.addNote(note("second"))).toBe(false);
    expect(store.getNote("j", "answer")).toBe("first");
    expect(store.addNote({ ...note("other"), jobId: "k" })).toBe(true);
    expect(store.addNote({ ...note("other"), name: "status" })).toBe(true);
  });

  test("a note that is put is in the place of the one before", async () => {
    const { store } = await open();
    store.putNote({ jobId: "j", name: "status", content: { id: 1 } });
    store.putNote({ jobId: "j", name: "status", content: { id: 2, text: "ü\u0000😀" } });
    expect(store.getNote("j", "status")).toEqual({ id: 2, text: "ü\u0000😀" });
  });

  test("notes of one name are listed by job, also those of no job", async () => {
    const { store } = await open();
    for (const jobId of ["b", "", "a"]) store.putNote({ jobId, name: "status", content: jobId });
    store.putNote({ jobId: "a", name: "other", content: null });
    expect(store.listNotes("status").map(({ jobId, content }) => [jobId, content])).toEqual([
      ["", ""],
      ["a", "a"],
      ["b", "b"],
    ]);
    expect(store.listNotes("none")).toEqual([]);
  });

  test("a job that is deleted takes its notes with it, and no others", async () => {
    const { store } = await open();
    startJob(store);
    for (const jobId of ["j", "k", ""]) store.putNote({ jobId, name: "status", content: 1 });
    commitNext(store, { job: { status: "done", closed: true, output: null, error: null } });
    expect(store.deleteJob("j")).toBe(true);
    expect(store.listNotes("status").map(({ jobId }) => jobId)).toEqual(["", "k"]);
  });
}
