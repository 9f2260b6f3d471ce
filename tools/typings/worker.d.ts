/** What `site.py` writes above `page/sw.js`. */
declare const VERSION: string;
/** SHA-256 by file of the page. */
declare const SHELL: Record<string, string>;
/** What is said where files are gone and there is no network, by language. */
declare const GONE: Record<string, string>;
