/** The nouns of a client, for `tsc --checkJs`; those of the core are in `../core/types.d.ts`. */

import type { Bundle, Closure, Route, Spot, Told } from '../core/types';

/** Words of the screen in one language, as `exporter/words/` has them. */
export type Words = Record<string, any>;

/** What a client is made of: `navkitApp.create`. */
export interface Options {
  bundle: Bundle;
  /** By language tag. */
  words: Record<string, Words>;
  /** The phone's own storage. */
  keep: { get(name: string): string | null; set(name: string, text: string): void };
  /** Local time, `YYYY-MM-DDTHH:MM`. */
  now(): string;
  /** Languages that the phone itself speaks. */
  phone?: string[];
  player?(language: string, pack: string): Player | null;
  /** Where others can open this client, '' if they cannot. */
  address?: string;
  /** How old the map is, as `navkitFollow.age` returns it. */
  age?(): Age | null;
  /** How many closures could not be read. */
  unread?(): number;
  /** As `navkitFollow.emergency` returns it. */
  emergency?(): Alarm | null;
  /** Whether the phone's own clock shows another time than `now`, which is the hospital's. */
  isElsewhere?(): boolean;
  /** Tells the hospital what was wrong. */
  report?: ((said: object) => void) | null;
  /** The phone's motion sensors; null if it has none. */
  motion?: Motion | null;
  /** Other hospitals that the client can open; null if there is no catalogue. */
  hospitals?: Hospitals | null;
  /** Whether others use this screen as well: it asks nobody about themselves. */
  isShared?: boolean;
  onChange?(app: object): void;
}

/** A hospital of the catalogue; `address`, `repository` and `root` may be ''. */
export interface Hospital {
  id: string;
  names: Record<string, string>;
  address: string;
  repository: string;
  root: string;
}

/** The hospitals of a client, by the catalogue that it has. */
export interface Hospitals {
  /** Ids of the hospital whose map is open, and of the client's own. */
  here: string;
  home: string;
  /** The id that was asked for and is not on the list, '' for none. */
  missing: string;
  /** Whether this map was opened in place of another one just now. */
  isSwitched: boolean;
  list(): Hospital[];
  /** Why the newest list was refused, '' if it was not. */
  reason(): string;
  /** Opens the map of one of them, and follows the part of a link after #. */
  open(id: string, hash: string): void;
}

/** What is felt of a walk; times in seconds. */
export interface Felt {
  step(t: number): void;
  turn(t: number, radians: number): void;
  gap(from: number, to: number): void;
  /** Nobody has walked for minutes. */
  still(): void;
}

/** Motion sensors, of which `start` needs a tap. */
export interface Motion {
  start(rules: Record<string, any>, on: Felt): Promise<string>;
  stop(): void;
}

/** A walk that is followed. */
export interface Along {
  follower: any;
  /** The route that is followed. */
  route: Route | null;
  /** When something was last felt. */
  t: number;
  turnTo(step: number): void;
  /** Whether nothing was felt for a while, and nothing has been sure since. */
  hadGap: boolean;
  isOn: boolean;
  /** What was shown last, as text. */
  shown: string;
}

/** A voice, as `navkitVoice.player` makes one. */
export interface Player {
  say(said: object): void;
  /** Returns the rate from now on. */
  slower(): number;
  mute(isMuted: boolean): void;
  stop(): void;
  isTextOnly(): boolean;
}

export interface Age {
  level: '' | 'changed' | 'amber' | 'red';
  days: number;
}

/** A current emergency. */
export interface Alarm {
  /** Local time at which it began, '' if unknown. */
  since: string;
  /** When it was last confirmed. */
  heard_ms: number;
  /** Minutes since then; null if the clock was put back. */
  minutes: number | null;
  isOld: boolean;
  mayGoOn: boolean;
}

/** A message beside the screen. */
export interface Notice {
  /** Its words, in the reader's language. */
  text(): string;
  /** Closures on which it depends while they last. */
  shut: Closure[];
  /** Closures on which it depends once they are over. */
  open: Closure[];
  /** Whether it is still true at the next step. */
  stays: boolean;
}

/** Start, goal and profile of a walk. */
export interface Trip {
  start: Spot | null;
  goal: Spot | null;
  /** The walker's position instead, if the way from the start was blocked. */
  here: Spot | null;
  /** That of a link, which is not the phone's own; '' for none. */
  profile: string;
  /** The group as one of which the walker goes; '' for none. */
  group: string;
}

export interface Settings {
  profile: string;
  /** Language of voice and directions; '' until somebody chooses it. */
  language: string;
  /** Language of the screen; '' until somebody chooses it. */
  ui: string;
  elder: boolean;
  theme: 'light' | 'dark' | 'contrast';
  size: number;
  reader: boolean;
  muted: boolean;
  /** A voice of the hospital's own; '' for the usual one. */
  pack: string;
  /** The voices that this phone keeps: by language, or the id of one of the hospital's own. */
  clips: string[];
  /** Whether the map of a walk keeps north up, instead of turning as one walks. */
  northUp: boolean;
  /** Whether the large view came with a profile, and goes with it. */
  brought: boolean;
  /** Whether somebody was asked how they walk and see. */
  asked: boolean;
}

/** A screen on which somebody looks around before a trip, with what it shows. */
export interface Look {
  screen: 'browse' | 'place';
  /** Number of the place on its page. */
  place?: number;
  /** What the directory is read by. */
  by?: string;
}

/** A route with the preference by which it was found. */
export type Way = Route & { wish?: string };

/** The one state that all screens of a client work on. */
export interface State {
  // What it was made of.
  bundle: Bundle;
  words: Record<string, Words>;
  keep: Options['keep'];
  now(): string;
  makePlayer(language: string, pack: string): Player | null;
  onChange(): void;
  phone: string[];
  address: string;
  age(): Age | null;
  unread(): number;
  isElsewhere(): boolean;
  emergency(): Alarm | null;
  report: ((said: object) => void) | null;
  motion: Motion | null;
  hospitals: Hospitals | null;
  isShared: boolean;

  // Kept from trip to trip.
  settings: Settings;
  /** Numbers of places, the latest first. */
  recents: number[];
  favourites: number[];
  player: Player | null;
  isSlow: boolean;
  isAgeConfirmed: boolean;

  // What the hospital says.
  alarm: Alarm | null;
  /** When the emergency in which somebody continued was last confirmed, 0 for none. */
  goneOn: number;
  /** Whether an emergency has just ended, until the user moves on. */
  isOver: boolean;
  /** Ids of what is closed now, and the current interval of hours: to detect changes of either. */
  shut: string[];
  open: string;
  /** The closures reported last, as text. */
  followed: string;

  // The current trip.
  screen: 'find' | 'browse' | 'place' | 'start' | 'route' | 'walk' | 'arrived';
  /** What was looked at on the way from Find, the latest last. */
  trail: Look[];
  /** What was typed for a goal and for a start. */
  query: string;
  startQuery: string;
  startError: string;
  /** Whether a walker is asked for the start again. */
  isLost: boolean;
  trip: Trip;
  /** Ids of what the walker found blocked. */
  closed: string[];
  /** The chosen alternative, '' for the usual route. */
  wish: string;
  route: Way | null;
  told: Told | null;
  /** Why there is no route, '' if there is one. */
  error: any;
  notice: Notice | null;
  others: Way[];
  /** What is closed on the route that would be taken otherwise. */
  avoided: Closure[];
  /** Null unless somebody asked to be followed. */
  along: Along | null;
  /** Why it ended, '' if nobody needs to know. */
  alongEnded: string;
  /** The number of the step that is shown, and of that of its moves which the map shows. */
  at: number;
  move: number;
  /** The level that the map shows. */
  level: number;
  /** Whether it shows the floors above each other instead. */
  isStacked: boolean;
}

