/** What a user of the bot can say to it, beside tasks: the texts of `/help` and of Telegram's menu. */

export const COMMANDS: readonly { readonly command: string; readonly description: string }[] = [
  { command: "status", description: "where a job stands" },
  { command: "jobs", description: "the newest jobs" },
  { command: "diff", description: "what a job has changed" },
  { command: "approve", description: "let a plan be worked on" },
  { command: "reject", description: "have a plan made anew: /reject and what is to be different" },
  { command: "stop", description: "stop a job gently; /resume goes on with it" },
  { command: "resume", description: "go on with a job" },
  { command: "retry", description: "try again what failed; a subtask can be named" },
  { command: "skip", description: "go on without a subtask that failed: /skip and its name" },
  { command: "cancel", description: "end a job for good" },
  { command: "help", description: "what you can say" },
];

export const HELP = [
  "Each message that you send me is a task: I plan it, have it worked on, and tell you here what came out.",
  "",
  ...COMMANDS.map(({ command, description }) => `/${command} – ${description}`),
  "",
  "A command is about this chat's newest job; for another one, put its id, or the end of it, behind the command.",
].join("\n");
