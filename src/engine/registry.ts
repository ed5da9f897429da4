/** What the engine can run: workflows by name and version, activities by name. */

import type { AnyStateMachine } from "xstate";
import { OrchError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import { hashJson } from "../core/json.ts";
import { Interpreter } from "./interpreter.ts";
import { refuseUndurable } from "./refuse.ts";
import { nodesOf } from "./state-nodes.ts";
import type { ActivityDefinition, Workflow } from "./workflow.ts";

export interface RegisteredWorkflow {
  readonly name: string;
  readonly version: number;
  /** Hash of the machine's structure: states, transitions, names of actions, guards and actors. */
  readonly definitionHash: string;
  readonly interpreter: Interpreter;
}

export class Registry {
  /** By name, then by version. */
  readonly #workflows = new Map<string, Map<number, RegisteredWorkflow>>();
  readonly #activities: ReadonlyMap<string, ActivityDefinition>;

  /** @throws OrchError `workflow-refused` */
  constructor(workflows: readonly Workflow[], activities: Readonly<Record<string, ActivityDefinition>>) {
    this.#activities = new Map(Object.entries(activities));
    const names = new Set(workflows.map(({ name }) => name));
    for (const workflow of workflows) {
      if (this.#activities.has(workflow.name)) {
        throw new OrchError(`"${workflow.name}" names both a workflow and an activity`, {
          code: "workflow-refused",
          hint: "give one of the two another name",
        });
      }
      refuseUndurable(workflow, (src) => names.has(src) || this.#activities.has(src));
      this.#add(workflow);
    }
  }

  /** Every version of each. */
  workflows(): readonly RegisteredWorkflow[] {
    return [...this.#workflows.values()].flatMap((versions) => [...versions.values()]);
  }

  activity(name: string): ActivityDefinition | undefined {
    return this.#activities.get(name);
  }

  /** The newest version of a workflow: what a new job or child begins with. */
  newest(name: string): RegisteredWorkflow | undefined {
    const versions = this.#workflows.get(name);
    return versions?.get(Math.max(...versions.keys()));
  }

  /**
   * That version of a workflow, whether or not its machine was changed under the same number.
   *
   * @throws OrchError `workflow-gone`
   */
  version(name: string, version: number): RegisteredWorkflow {
    const workflow = this.#workflows.get(name)?.get(version);
    if (workflow) return workflow;
    throw new OrchError(`this orch does not have the workflow ${printable(name)} version ${version}`, {
      code: "workflow-gone",
      hint: "run the job with the release of orch that began it; nothing of it is lost",
    });
  }

  /**
   * The very workflow that a job or child began with.
   *
   * @throws OrchError `workflow-gone` or `workflow-changed`; the job keeps all it has
   */
  exact(began: { readonly workflow: string; readonly version: number; readonly definitionHash: string }) {
    const { workflow: name, version, definitionHash } = began;
    const workflow = this.version(name, version);
    if (workflow.definitionHash !== definitionHash) {
      throw new OrchError(`the workflow ${name} version ${version} is not the one that the job began with`, {
        code: "workflow-changed",
        hint: "a changed workflow needs a new version number; run the job with the release of orch that began it",
      });
    }
    return workflow;
  }

  #add({ name, version, machine }: Workflow): void {
    const versions = this.#workflows.get(name) ?? new Map<number, RegisteredWorkflow>();
    if (versions.has(version)) {
      throw new OrchError(`the workflow ${name} version ${version} is registered twice`, { code: "workflow-refused" });
    }
    const definitionHash = hashDefinition(machine);
    versions.set(version, { name, version, definitionHash, interpreter: new Interpreter(machine) });
    this.#workflows.set(name, versions);
  }
}

/** Of what `machine.definition` tells, and the eventless transitions, which it leaves out. */
function hashDefinition(machine: AnyStateMachine): string {
  const always = nodesOf(machine.root).map(({ id, always: transitions = [] }) => [
    id,
    transitions.map(({ guard, target, actions }) => ({ guard, actions, target: target?.map((node) => node.id) })),
  ]);
  // Through JSON, which leaves inline functions out: they cannot be compared.
  const definition: unknown = JSON.parse(JSON.stringify([machine.definition, always]));
  return hashJson(definition).slice(0, 16);
}
