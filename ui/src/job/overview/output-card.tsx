/** What a workflow that is no coding job answered, as JSON. */

import type { JsonValue } from "../../../../src/core/protocol/common.ts";
import { CopyButton } from "../../text/copy-button.tsx";
import { Card } from "./card.tsx";
import styles from "./output-card.module.css";

export function OutputCard(props: { output: JsonValue }) {
  const text = () => (typeof props.output === "string" ? props.output : JSON.stringify(props.output, null, 2));
  return (
    <Card title="Result" end={<CopyButton text={text()} label="the result" />}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre class={`${styles.output} words`} tabIndex={0}>
        {text()}
      </pre>
    </Card>
  );
}
