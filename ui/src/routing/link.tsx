/** A link within the pages: opens without loading the page anew; with Ctrl, Shift or the middle button as links do. */

import { type JSX, splitProps } from "solid-js";
import { go } from "./router.ts";

export function Link(props: { to: string } & Omit<JSX.AnchorHTMLAttributes<HTMLAnchorElement>, "href" | "onClick">) {
  const [own, rest] = splitProps(props, ["to"]);
  return (
    <a
      {...rest}
      href={own.to}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(own.to);
      }}
    />
  );
}
