/** The ids of calls and messages name their turn and step, so that a conversation itself says how far it has come. */

const FORM = /^(?:call|msg)_([a-z0-9-]+)_(\d+)_(\d+)$/;

/** `attempt` tells apart a step that is given more than once in one conversation: ids in it must differ. */
export function stepId(prefix: "call" | "msg", turn: string, step: number, attempt: number): string {
  return `${prefix}_${turn}_${step}_${attempt}`;
}

export function parseStepId(id: unknown): { readonly turn: string; readonly step: number } | undefined {
  const match = typeof id === "string" ? FORM.exec(id) : null;
  return match ? { turn: match[1] ?? "", step: Number(match[2]) } : undefined;
}
