/** A log of commands, shown as commands: read as a whole, so only where it is not too long. */

import { createEffect, createSignal, on, onCleanup, Show } from "solid-js";
import { toErrorView } from "../api/api-error.ts";
import { getLogPage } from "../api/logs.ts";
import { ErrorWords } from "../design/error-words.tsx";
import { LongList, type LongListHandle } from "../long-list/long-list.tsx";
import { type CommandBlock, commandBlocks } from "./command-blocks.ts";
import styles from "./command-list.module.css";
import { hitMarks } from "./hits.ts";
import { CommandCard, type CommandEnd } from "./items/command-card.tsx";

/** Lines of a log that is read as commands; a longer one is shown as lines. */
export const MOST_LINES = 20_000;
const PORTION = 5000;

export function CommandList(props: {
  job: string;
  log: string;
  total: number;
  search: string;
  isFollowing: boolean;
  setFollowing: (isFollowing: boolean) => void;
  ready: (handle: LongListHandle) => void;
}) {
  const [blocks, setBlocks] = createSignal<readonly CommandBlock[]>();
  const [error, setError] = createSignal<unknown>(null);
  let aborter = new AbortController();
  onCleanup(() => aborter.abort());
  const read = async (signal: AbortSignal) => {
    try {
      const lines: string[] = [];
      for (let total = 1; lines.length < Math.min(total, MOST_LINES); ) {
        const page = await getLogPage(props.job, props.log, { from: lines.length, limit: PORTION }, signal);
        total = page.total;
        if (page.lines.length === 0) break;
        lines.push(...page.lines.map(({ text }) => text));
      }
      setBlocks(commandBlocks(lines));
      setError(null);
    } catch (cause) {
      if (!signal.aborted) setError(cause);
    }
  };
  createEffect(
    on(
      () => props.total,
      () => {
        aborter.abort();
        aborter = new AbortController();
        void read(aborter.signal);
      },
    ),
  );
  const found = () =>
    (blocks() ?? []).filter(
      ({ command, output }) =>
        props.search === "" || [command, ...output].some((line) => hitMarks(line, props.search).length > 0),
    );
  return (
    <Show
      when={error() === null}
      fallback={
        <div class={styles.message}>
          <ErrorWords error={toErrorView(error())} />
        </div>
      }
    >
      <Show
        when={blocks()}
        fallback={
          <p class={styles.message} role="status">
            Loading …
          </p>
        }
      >
        <Show
          when={found().length > 0}
          fallback={
            <p class={styles.message}>{props.search ? "No command has these words." : "No command was run."}</p>
          }
        >
          <LongList
            class={styles.list}
            label="Commands"
            count={found().length}
            estimate={() => 110}
            keyOf={(index) => found()[index]?.n ?? index}
            isFollowing={props.isFollowing}
            setFollowing={props.setFollowing}
            ready={props.ready}
            row={(index) => (
              <Show when={found()[index]}>
                {(block) => (
                  <div class={styles.command}>
                    <CommandCard
                      command={block().command}
                      output={block().output.join("\n")}
                      directory={block().directory}
                      time={block().time}
                      search={props.search}
                      end={endOf(block())}
                    />
                  </div>
                )}
              </Show>
            )}
          />
        </Show>
      </Show>
    </Show>
  );
}

function endOf({ outcome, isGood }: CommandBlock): CommandEnd {
  if (outcome === null) return { state: "running", words: "running" };
  return { state: isGood ? "done" : "failed", words: outcome.replace(/^exit code/, "exit").slice(0, 60) };
}
