/** Beside the chart: what is selected or going on, the context, and the actors of the job. */

import { createEffect, createSignal, For, Match, on, Switch } from "solid-js";
import { count } from "../../words/format.ts";
import { ContextView } from "../context/context-view.tsx";
import { useInspector } from "../model/inspector.ts";
import { ActorList } from "./actor-list.tsx";
import { Details } from "./details.tsx";
import styles from "./panel.module.css";

type Part = "details" | "context" | "actors";

export function SidePanel() {
  const { selection, scope } = useInspector();
  const [part, setPart] = createSignal<Part>("details");
  let bar!: HTMLDivElement;
  createEffect(on(selection, (selected) => selected !== null && setPart("details"), { defer: true }));
  const parts = (): readonly { readonly name: Part; readonly label: string }[] => [
    { name: "details", label: selection() === null ? "Step" : selection()?.kind === "state" ? "State" : "Transition" },
    { name: "context", label: "Context" },
    { name: "actors", label: `Actors ${count(scope.actors().length)}` },
  ];
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const all = parts();
    const next = all[(all.findIndex(({ name }) => name === part()) + step + all.length) % all.length];
    setPart(next?.name ?? "details");
    bar.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    event.preventDefault();
  };
  return (
    <aside class={styles.panel} aria-label="Details">
      <div ref={bar} class={styles.tabs} role="tablist" aria-label="Details" onKeyDown={move}>
        <For each={["details", "context", "actors"] as const}>
          {(name) => (
            <button
              type="button"
              role="tab"
              id={`inspector-${name}`}
              class={`${styles.tab} num`}
              aria-selected={part() === name}
              aria-controls="inspector-part"
              tabIndex={part() === name ? 0 : -1}
              onClick={() => setPart(name)}
            >
              {parts().find((one) => one.name === name)?.label}
            </button>
          )}
        </For>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div class={styles.body} role="tabpanel" id="inspector-part" aria-labelledby={`inspector-${part()}`} tabIndex={0}>
        <Switch>
          <Match when={part() === "details"}>
            <Details />
          </Match>
          <Match when={part() === "context"}>
            <ContextView />
          </Match>
          <Match when={part() === "actors"}>
            <ActorList />
          </Match>
        </Switch>
      </div>
    </aside>
  );
}
