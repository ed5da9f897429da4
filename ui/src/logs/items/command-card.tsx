/** A command: what was run, how it ended, and what it printed. */

import { Show } from "solid-js";
import { StateBadge } from "../../design/badge.tsx";
import { CopyButton } from "../../text/copy-button.tsx";
import { LineText } from "../../text/line-text.tsx";
import { fullTime, preciseClock } from "../../words/format.ts";
import { hitMarks } from "../hits.ts";
import styles from "./command-card.module.css";
import { Output } from "./output.tsx";
import { shownCommand } from "./output-lines.ts";

export interface CommandEnd {
  readonly state: "running" | "done" | "failed";
  readonly words: string;
}

export function CommandCard(props: {
  command: string;
  output: string;
  search: string;
  end: CommandEnd;
  /** Where it ran, if that is known. */
  directory?: string | null;
  time?: number | null;
}) {
  const command = () => shownCommand(props.command);
  /** It may scroll. */
  const isLong = () => command().length > 1000 || command().split("\n").length > 11;
  return (
    <div class={styles.card}>
      <div class={styles.head}>
        <code class={styles.command} title={props.command.slice(0, 2000)} tabIndex={isLong() ? 0 : undefined}>
          <span class={styles.prompt} aria-hidden="true">
            $
          </span>
          <LineText text={command()} layers={[hitMarks(command(), props.search)]} />
        </code>
        <span class={styles.facts}>
          <Show when={props.directory && props.directory !== "." ? props.directory : null}>
            {(directory) => <span class={styles.quiet}>in {directory()}</span>}
          </Show>
          <Show when={props.time}>
            {(time) => (
              <time class={styles.quiet} title={fullTime(time())}>
                {preciseClock(time())}
              </time>
            )}
          </Show>
          <StateBadge state={props.end.state} label={props.end.words} />
          <CopyButton text={props.output || props.command} label={props.output ? "the output" : "the command"} />
        </span>
      </div>
      <Output output={props.output} search={props.search} isRunning={props.end.state === "running"} />
    </div>
  );
}
