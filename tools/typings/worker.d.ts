/** What `site.py` writes above `page/sw.js`. */
declare const VERSION: string;
/** SHA-256 by file of the page. */
declare const SHELL: Record<string, string>;
/** The message if files are missing and there is no network, by language. */
declare const GONE: Record<string, string>;
