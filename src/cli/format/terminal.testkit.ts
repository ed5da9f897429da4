/** What no text of a model or a repository may bring to a terminal: control characters and turned writing. */

export const STEERS = /[^\P{Cc}\n]|\p{Bidi_Control}/u;
