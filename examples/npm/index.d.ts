/** What `navkit-runtime` promises. A name that is not here may change in any version. */

/** Names or sentences by language tag. */
export type Texts = Record<string, string>;

/** What a start or a goal means: numbers of places, of which the nearest counts, or the number of a
 * code on a wall; -1 for none. */
export interface Spot {
  places: number[];
  anchor: number;
}

export interface Place {
  place: number;
  id: string;
  name: string;
  /** How a voice says it. */
  speech: string;
  aliases: string[];
  /** The number on the door. */
  ref: string;
  category: string;
  access: string;
  /** Labels of its levels, as posted. */
  where: string;
  /** Number of its level, -1 for none. */
  level: number;
  hours: string;
  phone: string;
  /** How well a search found it: 0 is best. */
  rank?: number;
  /** Whether only by what resembles its name. */
  alike?: boolean;
}

export interface Clause {
  kind: string;
  text: string;
  speech: string;
}

export interface Card {
  text: string;
  speech: string;
  clauses: Clause[];
}

export interface Instruction extends Card {
  /** Number of its level. */
  level: number;
  length_cm: number;
  duration_ms: number;
  /** At its beginning: right is positive, straight on is 0. */
  turn_deg: number;
  /** Its first and last node, counted along the route. */
  first: number;
  last: number;
}

export interface Route {
  nodes: number[];
  darts: number[];
  cost_ms: number;
  duration_ms: number;
  length_cm: number;
  /** What a rule of the profile needed to know and no drawing says. */
  unverified: string[];
  /** Quicker routes over what the profile spares a walker. */
  alternatives: Route[];
}

export interface Told {
  language: string;
  overview: Card;
  instructions: Instruction[];
  notices: Clause[];
  alternatives: string[];
}

/** Local times such as `2026-03-02T09:30`, '' for an open end. */
export interface Closure {
  target: string;
  start: string;
  end: string;
  reason: Texts;
}

export interface Level {
  id: string;
  ordinal: number;
  label: string;
  building: string;
}

export interface Wishes {
  /** `walk`, unless another of `bundle.profiles` is named. */
  profile?: string;
  /** A group of walkers who may go where others may not. */
  group?: string;
  /** Local time; without it opening hours are ignored. */
  depart?: string;
  /** Ids of what is closed besides. */
  closed?: string[];
}

/** Errors that `find`, `route` and `open` throw have these. */
export interface Refusal extends Error {
  code: string;
  where: string;
  slots: Record<string, unknown>;
}

export interface Bundle {
  readonly names: Texts;
  readonly languages: string[];
  readonly levels: Level[];
  readonly profiles: Record<string, { id: string; names: Texts }>;
  readonly anchors: { id: string; code: string; node: number }[];
  find(query: string, at?: string): Spot;
  search(
    text: string,
    options?: { limit?: number; language?: string; access?: string; at?: string; from?: Spot | null },
  ): Place[];
  /** A word for something that this venue has not, '' for none. */
  absent(text: string): string;
  placesOf(category: string, at?: string): number[];
  place(place: number, language: string): Place;
  placesAt(space: number): number[];
  isOpen(place: number, localTime: string): boolean;
  isOpenKnown(place: number, localTime: string): boolean;
  route(start: string | Spot, goal: string | Spot, options?: Wishes): Route;
  tell(route: Route, language: string): Told;
  /** A told route as plain data. */
  answer(route: Route, told: Told): object;
  /** What was closed since the bundle was made: counts in every route from then on. */
  close(closures: Closure[]): void;
  thingName(id: string, language: string): string;
  minutesToChange(localTime: string): number;
  photo(route: Route, instruction: Instruction): { file: string; names: Texts } | null;
  voice(language: string): { file: string } | null;
}

/** A file of a bundle, as text or as parsed JSON. */
export type Read = (name: string) => string | object;

export function open(read: Read): Bundle;
/** The same in steps: `while (opening.step())`, with a turn for the screen in between. */
export function begin(read: Read): { bundle: Bundle; step(): boolean };
/** The greatest version of a bundle that is read. */
export const VERSION: number;

/** Where files are stored; made by `browser.storage.store(window)` or `wechat.storage.store(wx)`. */
export interface Store {
  pointer(): Promise<string | null>;
  point(value: string): Promise<void>;
}

export type Fetch = (
  name: string, onBytes: (count: number) => void, most?: number,
) => Promise<Uint8Array>;

export interface Installed {
  /** `installed`, `current` or `kept-old`, for a `reason`. */
  code: string;
  reason: string;
  where: string;
  version: string;
  issued: string;
  left: string[];
  fetched?: { files: number; bytes: number };
}

export const install: {
  install(options: {
    store: Store; fetch: Fetch; wanted?: (name: string) => boolean;
    onProgress?: (all: { done_bytes: number; total_bytes: number }) => void;
  }): Promise<Installed>;
  open(options: { store: Store; make: (read: Read) => Bundle | Promise<Bundle> }): Promise<
    Installed & { bundle: Bundle | null; bytes: ((name: string) => Promise<Uint8Array | null>) | null }>;
};

/** Follows what a hospital has signed. */
export const trust: {
  follower(options: {
    nacl: object; root: string; hospital: string; store: Store; fetch: Fetch;
  }): {
    open(): Promise<Signed>;
    refresh(now_ms: number): Promise<Signed>;
  };
  fetching(fetch: Fetch, release: Uint8Array | null): Fetch;
};

export interface Signed {
  code: string;
  reason: string;
  where: string;
  release: Uint8Array | null;
  closures: Closure[];
  emergency: { since: string } | null;
  checked_ms: number;
  /** The greatest time seen. */
  seen_ms: number;
}

/** When to look again, how old the data is, and whether there is an emergency. */
export const follow: {
  age(signed: Signed | null, now_ms: number, issued: string): { level: string; days: number } | null;
  watch(options: object): { wake(): void; rest(): void; hurry(): void };
};

export const voice: {
  player(options: object): {
    say(one: Card | Card[]): void; repeat(): void; slower(): void; mute(on: boolean): void;
    stop(): void;
  };
  clips(index: object): object;
};

/** A floor on a canvas: docs/runtime.md describes it, and it may still change. */
export const map: Record<string, any>;

/** Follows a walker along a route by steps and turns. */
export const position: {
  begin(bundle: Bundle, route: Route, options: {
    profile: string; seed: number; cards?: number[];
  }): object;
  canFollow(bundle: Bundle, profile: string): boolean;
};

export const browser: {
  storage: { store(window: object, name?: string): Store; fetch(window: object, folder: string): Fetch };
  voice: { platform(window: object, options?: object): object };
  motion: { motion(window: object): object | null };
};

export const wechat: {
  storage: {
    store(wx: object, name?: string): Store; online(wx: object, url: string): Fetch;
    packaged(wx: object, folder: string): Fetch;
  };
  voice: { platform(wx: object, options?: object): object };
  motion: { motion(wx: object): object | null };
};
