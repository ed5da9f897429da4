/** Whose machine is shown, and the way up to the job's own. */

import { For, Show } from "solid-js";
import { Icon } from "../design/icons.tsx";
import { StateMark } from "../design/state-mark.tsx";
import styles from "./inspector.module.css";
import { useInspector } from "./model/inspector.ts";
import { markOf } from "./panel/actor-list.tsx";

export function Breadcrumb() {
  const { actorId, open, scope, actor } = useInspector();
  /** Ids are paths: `job/parser/integration`. */
  const parts = () => {
    const names = actorId().split("/");
    return names.map((name, index) => ({ name, id: names.slice(0, index + 1).join("/") }));
  };
  const shown = () => scope.actors().find(({ id }) => id === actorId());
  return (
    <nav class={styles.crumbs} aria-label="Actor">
      <Show when={shown()}>{(one) => <StateMark state={markOf(one())} size={14} />}</Show>
      <For each={parts()}>
        {(part, index) => (
          <>
            <Show when={index() > 0}>
              <Icon name="chevronRight" size={12} />
            </Show>
            <button
              type="button"
              class={styles.crumb}
              aria-current={part.id === actorId() ? "page" : undefined}
              onClick={() => open(part.id)}
            >
              {part.name}
            </button>
          </>
        )}
      </For>
      <Show when={actor()}>
        {(one) => (
          <span class={`${styles.workflow} num`}>
            {one().workflow} v{one().version}
          </span>
        )}
      </Show>
    </nav>
  );
}
