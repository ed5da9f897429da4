/** Sizes of what a chart is drawn with, in pixels. */

export const TITLE_SIZE = 13;
export const ROW_SIZE = 11;
export const ROW_HEIGHT = 18;
export const TITLE_HEIGHT = 32;
export const PADDING = 12;
export const LINE_HEIGHT = 15;
/** Longer words are cut, so that one name does not make every box wide. */
export const LONGEST = 44;
