/** One log that is read: its bar (search, follow, wrap, copy) and what stands in it. */

import { createEffect, createMemo, createSignal, on, Show } from "solid-js";
import type { LogSource } from "../../../src/core/protocol/logs.ts";
import { toErrorView } from "../api/api-error.ts";
import { Button, IconButton } from "../design/button.tsx";
import { ErrorWords } from "../design/error-words.tsx";
import { useToasts } from "../design/toast.tsx";
import { useJob } from "../job/job-context.ts";
import { useLive } from "../live/live.tsx";
import type { LongListHandle } from "../long-list/long-list.tsx";
import { query, setQuery } from "../routing/router.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { count, many } from "../words/format.ts";
import { CommandList, MOST_LINES } from "./command-list.tsx";
import { copyLog, MOST_COPIED } from "./copy-log.ts";
import { LogItems } from "./log-items.tsx";
import { LogLines } from "./log-lines.tsx";
import styles from "./log-pane.module.css";
import { openLog } from "./log-source.ts";
import { isWrapped, setWrapped } from "./preferences.ts";
import { createSearch } from "./search.ts";
import { SearchBox } from "./search-box.tsx";

export function LogPane(props: { log: LogSource }) {
  const scope = useJob();
  const toasts = useToasts();
  const log = openLog(useLive(), scope.id, props.log);
  const [list, setList] = createSignal<LongListHandle>();
  const lineOfAddress = Number.parseInt(query("line") ?? "", 10) - 1;
  const [marked, setMarked] = createSignal<number | null>(lineOfAddress >= 0 ? lineOfAddress : null);
  const isRunning = scope.now.job.state === "running";
  // The turn of an agent that is over is read from its beginning, and so is what is not a log but an answer.
  const hasEnd = props.log.kind !== "planner" && (props.log.kind !== "turn" || isRunning);
  const [isFollowing, setFollowing] = createSignal(marked() === null && hasEnd);
  const [areLines, setLines] = createSignal(props.log.kind !== "repo-commands" && props.log.kind !== "commands");
  const canBeCommands = () =>
    (props.log.kind === "repo-commands" || props.log.kind === "commands") && (log.total() ?? 0) <= MOST_LINES;
  const isCommands = () => canBeCommands() && !areLines() && marked() === null;

  const go = (line: number) => {
    setFollowing(false);
    setMarked(line);
    list()?.scrollTo(line, "center");
  };
  const link = (line: number) => {
    setQuery("line", String(line + 1));
    setMarked(line);
    void navigator.clipboard.writeText(window.location.href).then(
      () => toasts.say(`The link to ${props.log.isItems ? "this place" : `line ${count(line + 1)}`} is copied`),
      () => {},
    );
  };
  const search = createSearch(scope.id, props.log.id, () => list()?.first() ?? 0, go);
  // The line that the address names is gone to once it is known how many there are.
  let isGone = false;
  createEffect(() => {
    const [handle, total, line] = [list(), log.total(), marked()];
    if (isGone || !handle || total === null || line === null) return;
    isGone = true;
    queueMicrotask(() => handle.scrollTo(Math.min(line, total - 1), "center"));
  });

  // What was there when the reader left the end, or when the log was opened elsewhere.
  const [left, setLeft] = createSignal(0);
  const isOpened = createMemo(() => log.total() !== null);
  createEffect(on([isFollowing, isOpened], () => setLeft(log.total() ?? 0)));
  const unread = () => (isFollowing() ? 0 : Math.max(0, (log.total() ?? 0) - left()));
  const toEnd = () => {
    setMarked(null);
    setQuery("line", null);
    setFollowing(true);
  };

  let input!: HTMLInputElement;
  useShortcuts("Logs", [
    { keys: "/", does: "Search the log", act: () => input.focus() },
    { keys: "n", does: "Next hit", act: () => search.step(1) },
    { keys: "p", does: "Previous hit", act: () => search.step(-1) },
    { keys: "f", does: "Follow the end", act: () => (isFollowing() ? setFollowing(false) : toEnd()) },
    { keys: "w", does: "Wrap lines", act: () => setWrapped(!isWrapped()) },
    { keys: "G", does: "Go to the end", act: toEnd },
    { keys: "g g", does: "Go to the beginning", act: () => go(0) },
  ]);

  const copy = async () => {
    try {
      const copied = await copyLog(scope.id, props.log);
      toasts.say(
        copied.isCut ? `The last ${count(MOST_COPIED)} lines are copied` : `${many(copied.lines, "line")} copied`,
      );
    } catch (cause) {
      toasts.fail(cause);
    }
  };

  return (
    <section class={styles.pane} aria-label={props.log.title}>
      <div class={styles.bar}>
        <SearchBox
          search={search}
          ready={(element) => {
            input = element;
          }}
        />
        <Show when={scope.at() !== null}>
          <span class={styles.now} title="A log is always shown to its end, whatever point the page shows">
            as it is now
          </span>
        </Show>
        <span class={styles.tools}>
          <span class={`${styles.total} num`}>
            <Show when={log.total() !== null}>
              {many(log.total() ?? 0, props.log.isItems ? "entry" : "line", props.log.isItems ? "entries" : "lines")}
            </Show>
          </span>
          <Show when={canBeCommands()}>
            <Button
              size="sm"
              kind="quiet"
              icon="terminal"
              aria-pressed={isCommands()}
              onClick={() => {
                setMarked(null);
                setLines(isCommands());
              }}
            >
              {isCommands() ? "As lines" : "As commands"}
            </Button>
          </Show>
          <Show when={!props.log.isItems && !isCommands()}>
            <IconButton
              icon="wrap"
              label={isWrapped() ? "Don't wrap long lines (w)" : "Wrap long lines (w)"}
              size="sm"
              aria-pressed={isWrapped()}
              class={isWrapped() ? styles.on : undefined}
              onClick={() => setWrapped(!isWrapped())}
            />
          </Show>
          <Show when={!props.log.isItems}>
            <IconButton icon="copy" label="Copy the log" size="sm" onClick={() => void copy()} />
          </Show>
          <Button
            size="sm"
            kind="quiet"
            icon="toEnd"
            aria-pressed={isFollowing()}
            class={isFollowing() ? styles.on : undefined}
            onClick={() => (isFollowing() ? setFollowing(false) : toEnd())}
          >
            Follow
          </Button>
        </span>
      </div>
      <div class={styles.body}>
        <Show
          when={log.error() === null || log.total() !== null}
          fallback={
            <div class={styles.message}>
              <ErrorWords error={toErrorView(log.error())} />
              <Button icon="retry" onClick={log.refresh}>
                Ask again
              </Button>
            </div>
          }
        >
          <Show
            when={log.total() !== null}
            fallback={
              <p class={styles.message} role="status">
                Loading the log …
              </p>
            }
          >
            <Show when={log.total()} fallback={<p class={styles.message}>Nothing is written here yet.</p>}>
              {(total) => (
                <Show
                  when={isCommands()}
                  fallback={
                    <Show
                      when={props.log.isItems}
                      fallback={
                        <LogLines
                          log={log}
                          total={total()}
                          search={search.words()}
                          marked={marked()}
                          isWrapped={isWrapped()}
                          isFollowing={isFollowing()}
                          setFollowing={setFollowing}
                          link={link}
                          ready={setList}
                        />
                      }
                    >
                      <LogItems
                        log={log}
                        total={total()}
                        search={search.words()}
                        marked={marked()}
                        isFollowing={isFollowing()}
                        setFollowing={setFollowing}
                        link={link}
                        ready={setList}
                      />
                    </Show>
                  }
                >
                  <CommandList
                    job={scope.id}
                    log={props.log.id}
                    total={total()}
                    search={search.words()}
                    isFollowing={isFollowing()}
                    setFollowing={setFollowing}
                    ready={setList}
                  />
                </Show>
              )}
            </Show>
          </Show>
        </Show>
        <Show when={unread() > 0}>
          <button type="button" class={styles.unread} onClick={toEnd}>
            ↓{" "}
            {many(
              unread(),
              props.log.isItems ? "new entry" : "new line",
              props.log.isItems ? "new entries" : "new lines",
            )}
          </button>
        </Show>
      </div>
    </section>
  );
}
