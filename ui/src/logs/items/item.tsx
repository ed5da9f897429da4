/** One thing that happened in an agent's turn, as what it is. */

import { For, type JSX, Match, type ParentProps, Show, Switch } from "solid-js";
import type { TurnItem } from "../../../../src/core/protocol/logs.ts";
import { Icon, type IconName } from "../../design/icons.tsx";
import { LineText } from "../../text/line-text.tsx";
import { count, tokensInWords } from "../../words/format.ts";
import { hitMarks } from "../hits.ts";
import { CommandCard } from "./command-card.tsx";
import styles from "./item.module.css";
import { Prose } from "./prose.tsx";

type Of<Kind extends TurnItem["kind"]> = Extract<TurnItem, { kind: Kind }>;

export function Item(props: { item: TurnItem; search: string; isMarked: boolean; link: (n: number) => void }) {
  const as = <Kind extends TurnItem["kind"]>(kind: Kind): Of<Kind> | undefined =>
    props.item.kind === kind ? (props.item as Of<Kind>) : undefined;
  const frame = { link: () => props.link(props.item.n) };
  return (
    <article class={styles.item} data-kind={props.item.kind} data-marked={props.isMarked || undefined}>
      <Switch>
        <Match when={as("prompt")}>
          {(item) => (
            <Part {...frame} icon="arrowRight" name="Asked">
              <div class={styles.box}>
                <Prose text={item().text} search={props.search} lines={6} isQuiet />
              </div>
            </Part>
          )}
        </Match>
        <Match when={as("message")}>
          {(item) => (
            <Part {...frame} icon="message" name="Said">
              <Prose text={item().text} search={props.search} lines={24} />
            </Part>
          )}
        </Match>
        <Match when={as("reasoning")}>
          {(item) => (
            <Part {...frame} icon="thought" name="Thought">
              <Prose text={item().text} search={props.search} lines={5} isQuiet />
            </Part>
          )}
        </Match>
        <Match when={as("command")}>
          {(item) => (
            <Part {...frame} icon="terminal" name="Ran">
              <CommandCard
                command={item().command}
                output={item().output}
                search={props.search}
                end={
                  item().isRunning
                    ? { state: "running", words: "running" }
                    : item().exitCode === 0
                      ? { state: "done", words: "exit 0" }
                      : { state: "failed", words: `exit ${item().exitCode ?? "unknown"}` }
                }
              />
            </Part>
          )}
        </Match>
        <Match when={as("file-change")}>
          {(item) => (
            <Part {...frame} icon="file" name="Changed">
              <ul class={styles.files}>
                <For each={item().files}>
                  {(file) => (
                    <li class="mono">
                      <LineText text={file} layers={[hitMarks(file, props.search)]} />
                    </li>
                  )}
                </For>
              </ul>
            </Part>
          )}
        </Match>
        <Match when={as("error")}>
          {(item) => (
            <Part {...frame} icon="warning" name="Error">
              <div class={styles.error}>
                <Prose text={item().message} search={props.search} lines={8} />
              </div>
            </Part>
          )}
        </Match>
        <Match when={as("todo-list")}>
          {(item) => (
            <Part {...frame} icon="check" name="Plan">
              <span class={styles.todo}>
                <progress
                  class={styles.progress}
                  max={Math.max(1, item().total)}
                  value={item().done}
                  aria-label="Steps done"
                />
                {count(item().done)} of {count(item().total)} steps done
              </span>
            </Part>
          )}
        </Match>
        <Match when={as("web-search")}>
          {(item) => (
            <Part {...frame} icon="search" name="Searched">
              <LineText text={item().query} layers={[hitMarks(item().query, props.search)]} />
            </Part>
          )}
        </Match>
        <Match when={as("tool") ?? as("other")}>
          {(item) => (
            <Part {...frame} icon="more" name={item().kind === "tool" ? "Used" : "Other"}>
              <code>
                <LineText text={item().name} layers={[hitMarks(item().name, props.search)]} />
              </code>
            </Part>
          )}
        </Match>
        <Match when={as("usage")}>
          {(item) => (
            <Part {...frame} icon="coins" name="Turn ended">
              <span class={styles.usage}>The thread's tokens so far: {tokensInWords(item().usage)}</span>
            </Part>
          )}
        </Match>
      </Switch>
    </article>
  );
}

export function Part(props: ParentProps<{ icon: IconName; name: string; link?: () => void; side?: JSX.Element }>) {
  return (
    <>
      <span class={styles.icon}>
        <Icon name={props.icon} size={14} />
      </span>
      <div class={styles.body}>
        <h3 class={styles.name}>
          <Show when={props.link} fallback={props.name}>
            <button type="button" class={styles.link} title="Link to this" onClick={() => props.link?.()}>
              {props.name}
            </button>
          </Show>
          {props.side}
        </h3>
        {props.children}
      </div>
    </>
  );
}
