/** The few pages that the server writes itself, before the built ones can be shown. Nothing of a user's stands in them. */

export function goOnPage(cookie: string): Response {
  // Not a redirect: one that was begun by another site's page would not carry a strict cookie.
  const refresh = '<meta http-equiv="refresh" content="0;url=/">';
  return page(200, "orch", '<p>You are let in. <a href="/">Go on to the dashboard</a>.</p>', refresh, {
    "set-cookie": cookie,
  });
}

export function notLetInPage(wasWrong: boolean): Response {
  const why = wasWrong
    ? "<p>The token in this link is not the dashboard's.</p>"
    : "<p>This browser has not been let in.</p>";
  const how = "<p>Open the link that <code>orch dashboard</code> printed in its terminal when it started.</p>";
  return page(401, "orch: not let in", why + how);
}

export function notBuiltPage(): Response {
  const text =
    "<p>The dashboard's pages are not built.</p><p>Build them in orch's folder with <code>npm run web:build</code>, then load this page again. The data is there: see <a href=\"/api/jobs\">/api/jobs</a>.</p>";
  return page(503, "orch: not built", text);
}

function page(status: number, title: string, body: string, head = "", headers: Record<string, string> = {}): Response {
  const text = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body><h1>${title}</h1>${body}</body></html>\n`;
  return new Response(text, { status, headers: { "content-type": "text/html; charset=utf-8", ...headers } });
}
