/** One file of a conflict: ours and theirs side by side, and below each conflict what became of it. */

import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import type { ConflictFile } from "../../../../src/core/protocol/diffs.ts";
import { LineText } from "../../text/line-text.tsx";
import { visibleText } from "../../text/unusual.ts";
import { many } from "../../words/format.ts";
import styles from "./conflict-file.module.css";
import { type Origin, type Region, regionsOf, type SideLine } from "./regions.ts";

/** Agreed lines that are shown around a conflict. */
const AROUND = 3;
/** A file without conflict markers (deleted on one side, two kinds): so many lines of each side are shown. */
const MOST_LINES = 2000;

const ORIGINS: Readonly<Record<Origin, string>> = {
  both: "both",
  ours: "ours",
  theirs: "theirs",
  base: "base",
  new: "new",
};
const MEANINGS: Readonly<Record<Origin, string>> = {
  both: "both sides had this line",
  ours: "taken from ours",
  theirs: "taken from theirs",
  base: "as it was before either side changed it",
  new: "written for the resolution",
};

export function ConflictFileView(props: {
  file: ConflictFile;
  descriptions: readonly string[];
  oursName: string;
  theirsName: string;
  isNarrow: boolean;
}) {
  const regions = createMemo(() =>
    props.file.marked === null ? [] : regionsOf(props.file.marked, props.file.resolved),
  );
  const hasConflict = () => regions().some(({ kind }) => kind === "conflict");
  return (
    <article class={styles.file} data-narrow={props.isNarrow || undefined}>
      <header class={styles.head}>
        <h3 class={styles.path}>{visibleText(props.file.path)}</h3>
        <For each={props.descriptions}>{(words) => <p class={`${styles.note} words`}>{visibleText(words)}</p>}</For>
        <Show when={props.file.note}>{(words) => <p class={`${styles.note} words`}>{visibleText(words())}</p>}</Show>
      </header>
      <Switch>
        <Match when={hasConflict()}>
          <For each={regions()}>
            {(region, index) => (
              <Show
                when={region.kind === "conflict" ? region : undefined}
                fallback={
                  <Agreed
                    lines={region.kind === "same" ? region.lines : []}
                    isFirst={index() === 0}
                    isLast={index() === regions().length - 1}
                  />
                }
              >
                {(conflict) => <Conflict region={conflict()} oursName={props.oursName} theirsName={props.theirsName} />}
              </Show>
            )}
          </For>
        </Match>
        <Match when={props.file.note === null}>
          <div class={styles.sides}>
            <Side name="Ours" of={props.oursName} kind="ours" lines={plain(props.file.ours)} />
            <Side name="Theirs" of={props.theirsName} kind="theirs" lines={plain(props.file.theirs)} />
          </div>
          <Resolution
            lines={plain(props.file.resolved)?.map(({ text }) => ({ text, origin: "both" as const })) ?? null}
            isPlain
          />
        </Match>
      </Switch>
    </article>
  );
}

const plain = (text: string | null): SideLine[] | null =>
  text === null
    ? null
    : text
        .split("\n")
        .slice(0, MOST_LINES)
        .map((line) => ({ text: line, isTaken: null }));

function Agreed(props: { lines: readonly string[]; isFirst: boolean; isLast: boolean }) {
  const [isOpen, setOpen] = createSignal(false);
  const head = () => (props.isFirst ? 0 : AROUND);
  const tail = () => (props.isLast ? 0 : AROUND);
  const hidden = () => (isOpen() ? 0 : Math.max(0, props.lines.length - head() - tail()));
  const before = () => (hidden() === 0 ? props.lines : props.lines.slice(0, head()));
  const behind = () => (hidden() === 0 ? [] : props.lines.slice(props.lines.length - tail()));
  return (
    <>
      <Lines lines={before()} />
      <Show when={hidden() > 0}>
        <button type="button" class={styles.fold} onClick={() => setOpen(true)}>
          Show {many(hidden(), "line")} that both agree on
        </button>
      </Show>
      <Lines lines={behind()} />
    </>
  );
}

function Lines(props: { lines: readonly string[] }) {
  return (
    <For each={props.lines}>
      {(line) => (
        <div class={styles.same}>
          <code class={styles.code}>
            <LineText text={line} />
          </code>
        </div>
      )}
    </For>
  );
}

function Conflict(props: { region: Extract<Region, { kind: "conflict" }>; oursName: string; theirsName: string }) {
  return (
    <section class={styles.conflict} aria-label="A conflict">
      <div class={styles.sides}>
        <Side name="Ours" of={props.oursName} kind="ours" lines={props.region.ours} />
        <Side name="Theirs" of={props.theirsName} kind="theirs" lines={props.region.theirs} />
      </div>
      <Resolution lines={props.region.resolved} />
    </section>
  );
}

function Side(props: { name: string; of: string; kind: "ours" | "theirs"; lines: readonly SideLine[] | null }) {
  return (
    <div class={`${styles.side} ${styles[props.kind]}`}>
      <h4 class={styles.label}>
        {props.name} <span class={styles.of}>{props.of}</span>
      </h4>
      <Show when={props.lines} fallback={<p class={styles.empty}>The file is not there on this side.</p>}>
        {(lines) => (
          <>
            <For each={lines()} fallback={<p class={styles.empty}>Nothing stands here on this side.</p>}>
              {(line) => (
                <div class={styles.row} data-left={line.isTaken === false || undefined}>
                  <code class={styles.code}>
                    <LineText text={line.text} />
                  </code>
                  <Show when={line.isTaken === false}>
                    <span class={styles.origin} title="The resolution does not have this line">
                      left out
                    </span>
                  </Show>
                </div>
              )}
            </For>
          </>
        )}
      </Show>
    </div>
  );
}

function Resolution(props: { lines: readonly { text: string; origin: Origin }[] | null; isPlain?: boolean }) {
  return (
    <div class={`${styles.side} ${styles.resolution}`}>
      <h4 class={styles.label}>What became of it</h4>
      <Show when={props.lines} fallback={<p class={styles.empty}>There is no resolution.</p>}>
        {(lines) => (
          <For each={lines()} fallback={<p class={styles.empty}>Nothing was kept of either side.</p>}>
            {(line) => (
              <div class={styles.row} data-origin={line.origin}>
                <code class={styles.code}>
                  <LineText text={line.text} />
                </code>
                <Show when={!props.isPlain}>
                  <span class={styles.origin} title={MEANINGS[line.origin]}>
                    {ORIGINS[line.origin]}
                  </span>
                </Show>
              </div>
            )}
          </For>
        )}
      </Show>
    </div>
  );
}
