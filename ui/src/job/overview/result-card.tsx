/** What came out: the branch, how much it changes, and the commands to look at it or take it. */

import { createMemo, Show } from "solid-js";
import type { JobHead } from "../../../../src/core/protocol/jobs.ts";
import { Copyable } from "../../design/copy.tsx";
import { DiffStat } from "../../design/diff-stat.tsx";
import { StateMark } from "../../design/state-mark.tsx";
import { Link } from "../../routing/link.tsx";
import { jobAddress } from "../../routing/routes.ts";
import { shortCommit } from "../../words/format.ts";
import { useJob } from "../job-context.ts";
import styles from "./result-card.module.css";
import { resultCommands } from "./result-commands.ts";

export function ResultCard(props: { result: NonNullable<JobHead["result"]> }) {
  const { job, id } = useJob();
  const commands = createMemo(() => resultCommands(job()));
  return (
    <section class={styles.card} aria-labelledby="result-title" data-state="done">
      <div class={styles.what}>
        <StateMark state="done" size={18} class={styles.mark} />
        <div>
          <h2 id="result-title" class={styles.title}>
            <Show when={props.result.branch} fallback={props.result.stat?.files ? "Done" : "Done, without a change"}>
              {(branch) => (
                <>
                  Done, on <code>{branch()}</code>
                </>
              )}
            </Show>
          </h2>
          <p class="quiet">
            <Show when={props.result.commit}>
              {(commit) => (
                <>
                  Commit <code title={commit()}>{shortCommit(commit())}</code>
                  {props.result.pushedTo === null ? ", not pushed. " : `, pushed to ${props.result.pushedTo}. `}
                </>
              )}
            </Show>
            Your checkout is as it was.
          </p>
          <Show when={props.result.stat}>
            {(stat) => (
              <p class={styles.stat}>
                <DiffStat stat={stat()} />
                <Link class={styles.link} to={jobAddress(id, "diff")}>
                  See the diff
                </Link>
              </p>
            )}
          </Show>
        </div>
      </div>
      <Show when={commands().length > 0}>
        <div class={styles.commands}>
          {commands().map(({ label, command }) => (
            <div class={styles.command}>
              <span class={styles.label}>{label}</span>
              <Copyable text={command} label={`the command: ${label.toLowerCase()}`} />
            </div>
          ))}
        </div>
      </Show>
    </section>
  );
}
