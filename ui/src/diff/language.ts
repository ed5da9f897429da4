/** Which grammar colours a file, by its name. Null: none of ours. */

const BY_NAME: Readonly<Record<string, string>> = {
  makefile: "makefile",
  "cmakelists.txt": "makefile",
  dockerfile: "bash",
  gemfile: "ruby",
  rakefile: "ruby",
  jenkinsfile: "java",
  ".bashrc": "bash",
  ".profile": "bash",
  ".editorconfig": "ini",
  ".gitconfig": "ini",
  "cargo.lock": "ini",
};

const BY_EXTENSION: Readonly<Record<string, readonly string[]>> = {
  arduino: ["ino"],
  bash: ["sh", "bash", "zsh", "env"],
  c: ["c"],
  cpp: ["cc", "cpp", "cxx", "h", "hpp", "hh", "hxx"],
  csharp: ["cs"],
  css: ["css"],
  diff: ["diff", "patch"],
  go: ["go"],
  graphql: ["graphql", "gql"],
  ini: ["ini", "toml", "cfg", "conf", "properties"],
  java: ["java", "groovy", "gradle"],
  javascript: ["js", "mjs", "cjs", "jsx"],
  json: ["json", "jsonc", "json5", "jsonl", "webmanifest", "map"],
  kotlin: ["kt", "kts"],
  less: ["less"],
  lua: ["lua"],
  makefile: ["mk", "mak"],
  markdown: ["md", "markdown", "mdx"],
  objectivec: ["m", "mm"],
  perl: ["pl", "pm"],
  php: ["php"],
  python: ["py", "pyi", "pyw"],
  r: ["r"],
  ruby: ["rb", "rake", "gemspec"],
  rust: ["rs"],
  scss: ["scss"],
  sql: ["sql"],
  swift: ["swift"],
  typescript: ["ts", "mts", "cts", "tsx"],
  vbnet: ["vb"],
  wasm: ["wat", "wast"],
  xml: ["xml", "html", "htm", "xhtml", "svg", "vue", "svelte", "plist", "csproj"],
  yaml: ["yml", "yaml"],
};

const GRAMMARS = new Map(
  Object.entries(BY_EXTENSION).flatMap(([grammar, extensions]) =>
    extensions.map((extension): [string, string] => [extension, grammar]),
  ),
);

export function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (Object.hasOwn(BY_NAME, name)) return BY_NAME[name] ?? null;
  return GRAMMARS.get(name.slice(name.lastIndexOf(".") + 1)) ?? null;
}
