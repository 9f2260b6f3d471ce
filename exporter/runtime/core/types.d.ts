/** The nouns of the core, for `tsc --checkJs`; docs/bundle-format.md describes a bundle's files. */

/** Names or sentences by language tag. */
export type Texts = Record<string, string>;

/** A name as written and as spoken, by language tag. */
export type Names = Record<string, [text: string, speech: string]>;

/** Where people can walk, as columns by number of node, edge, door and thing. */
export type Network = InstanceType<(typeof import('./network.js'))['Network']>;

/** A bundle, opened. */
export type Bundle = ReturnType<(typeof import('./navkit.js'))['open']>;

export interface Level {
  id: string;
  ordinal: number;
  label: string;
  building: string;
  speech: Texts;
  /** The file of its outlines. */
  file: string;
}

/** A lift, stairs, an escalator or a ramp between levels. */
export interface Connector {
  kind: 'elevator' | 'stairs' | 'escalator' | 'ramp';
  /** Numbers of the spaces where it stops. */
  stops: number[];
  bank: string;
  access: number;
  /** 0 for unknown, 1 for step-free, 2 for not. */
  step_free: number;
  /** Mean waits in seconds: one, or 24 by hour of day. */
  wait_s: number[] | null;
  /** Seconds from floor to floor. */
  floor_s: number | null;
  /** Width and depth of the cabin. */
  cabin_m: [number, number] | null;
}

/** How one kind of walker walks, and what they cannot or need not do. */
export interface Profile {
  id: string;
  names: Texts;
  speed_mps: number;
  access: 'public' | 'staff';
  /** The group that the walker belongs to, such as `fever`. */
  group?: string;
  /** Kinds of edges, by `KIND_NAMES`. */
  forbidden: string[];
  forbidden_doors: string[];
  step_free: boolean;
  min_door_m: number;
  min_passage_m: number;
  /** Rise over run. */
  max_slope: number;
  min_cabin_m: [number, number];
  stairs_up_s_per_m: number;
  stairs_down_s_per_m: number;
  escalator_s_per_m: number;
  lift_wait_s: number;
  lift_floor_s: number;
  /** Seconds at a door, by kind. */
  door_s: Record<string, number>;
  /** Cost factor of an edge's time, by kind. */
  factors: Record<string, number>;
  /** Whether it matters on which side a lift opens. Older bundles have none. */
  lift_side?: boolean;
  sighted?: boolean;
  /** Kinds of cues that the walker is not told. Older bundles have none. */
  untold?: string[];
  /** How much of a choice a walker is led over unasked: storeys by stairs, times out of a building
   * and in again. Older bundles have none. */
  spared?: Record<string, number>;
}

/** What limits the use of a thing; hours by number from 1, 0 for always. */
export interface Limit {
  hours?: number;
  /** A restriction of it could not be read. */
  unverified?: boolean;
  /** Groups for whom alone it is, and groups who are kept out, each with hours. */
  only?: [string, number][];
  barred?: [string, number][];
  oneway_hours?: number;
  /** Of a door: 1 from its first space to its second only, 2 back only. */
  passage?: number;
}

/** Opening hours; null means always. */
export interface Hours {
  /** Spans in minutes by weekday, and by `PH` or `SH` if they name them; null in older bundles. */
  days: Record<string, number[][]> | null;
  /** Whether all days are alike and no holiday is named. */
  isDaily: boolean;
  /** Whether nobody has said the times of a day of `days`: it counts as open. */
  unknown: Record<string, boolean>;
  /** Without `days`: spans in minutes of the week. */
  week: number[][];
}

/** Dates that are not as their weekday says, by number of days since 1970. */
export interface Calendar {
  /** First and last day of which holidays are known. */
  first: number;
  last: number;
  /** A weekday to count as, `PH`, `SH`, `off`, or hours such as `08:00-12:00`. */
  days: Map<number, string>;
  knowsSchool: boolean;
}

/** When a route is walked. */
export interface Moment {
  /** Local minutes since 1970; null if hours are ignored. */
  minute: number | null;
  /** Hour of day, -1 if the time is unknown. */
  hour: number;
  /** Ids of doors, connectors, spaces and paths, and `edge:N`, in order. */
  closed: string[];
}

/** What a start or a goal means: places, or an anchor; -1 for no anchor. */
export interface Spot {
  places: number[];
  anchor: number;
  /** A position on the way, instead of both. */
  node?: number;
  /** The node behind the walker; absent if the direction they face is unknown. */
  backFrom?: number;
  /** The category that was asked for. */
  category?: string;
}

/** A code on a wall. */
export interface Anchor {
  id: string;
  code: string;
  node: number;
  bearing_deg: number;
  names: Names;
}

/** What is closed: from `start` to `end`, local times, '' for an open end. */
export interface Closure {
  target: string;
  start: string;
  end: string;
  reason: Texts;
}

/** The cost of every dart for a profile at a moment; a dart is 2 × edge, plus 1 against its
 * direction. */
export interface Weights {
  costMs: Float64Array;
  durationMs: Float64Array;
  /** The rule that forbids it, '' if none does. */
  reason: string[];
}

/** A walk through the network. */
export interface Route {
  network: Network;
  profile: Profile;
  at: Moment;
  start: Spot;
  goal: Spot;
  nodes: number[];
  darts: number[];
  durations_ms: number[];
  cost_ms: number;
  duration_ms: number;
  length_cm: number;
  /** What a rule of the profile needed to know and no drawing says. */
  unverified: string[];
  /** The dart through a door that is not public, before which the route ends; -1 for none. */
  wayIn: number;
  /** What the walker would have to ask for, such as `stairs`, and how much of it. */
  unasked: Record<string, number>;
  /** Quicker ways over what the walker is spared unless they ask for it. */
  alternatives: Route[];
}

/** A part of a sentence: its kind and what fills it. */
export interface Cue {
  kind: string;
  slots: Record<string, number | string>;
}

/** A cue in words. */
export interface Clause {
  kind: string;
  text: string;
  speech: string;
}

/** One step in words; `first` and `last` count the nodes of its route. */
export interface Instruction {
  text: string;
  speech: string;
  clauses: Clause[];
  level: number;
  length_cm: number;
  duration_ms: number;
  turn_deg: number;
  first: number;
  last: number;
  moves: Move[];
}

/** One thing to do of a step: it is walked from `first` to `last`, which count the nodes of the
 * route, and what there is to do begins at `at`. */
export interface Move {
  first: number;
  at: number;
  last: number;
  /** As it is walked, right positive; 0 where one goes straight on. */
  turn_deg: number;
  /** `left`, `right`, `back`, `change` for another floor, else `ahead`. */
  sign: string;
  text: string;
  /** What its words name. */
  names: { kind: string; family: string; slots: Record<string, number | string> }[];
}

/** Clauses as one text. */
export interface Card {
  text: string;
  speech: string;
  clauses: Clause[];
}

/** A route in words. */
export interface Told {
  language: string;
  /** What comes before the first step; empty if there is nowhere to go. */
  overview: Card;
  instructions: Instruction[];
  notices: Clause[];
  /** Of each alternative of the route, what it takes and what it saves. */
  alternatives: string[];
}

/** A place as it is shown. */
export interface Place {
  place: number;
  id: string;
  name: string;
  speech: string;
  aliases: string[];
  ref: string;
  category: string;
  access: string;
  /** Labels of its levels. */
  where: string;
  /** -1 if it is at none. */
  level: number;
  nodes: number[];
  spaces: number[];
  hours: string;
  phone: string;
  sign: string;
  entry: string;
  /** How it was found: docs/runtime.md#finding. */
  rank?: number;
  /** Whether by what only resembles its name. */
  alike?: boolean;
  hint?: string;
}

/** How a walk is followed: `navkitPosition.begin`. */
export interface Following {
  profile: string;
  seed: number;
  /** At which node of the route each card begins: `first` of its instruction. */
  cards?: number[];
  /** Beacons by id, each at a node. */
  beacons?: { id: string; node: number }[];
}

/** Where a walker probably is. */
export interface Whereabouts {
  /** Metres along the route: the median, and the band from 10 % to 90 %. */
  s_m: number;
  from_m: number;
  to_m: number;
  sure: boolean;
  /** Whether the walker probably left the way, and has not been heard since. */
  off: boolean;
  /** Number of the level. */
  level: number;
  /** Number of the card that should be shown. */
  card: number;
  /** What to ask: the floor, what they see, whether they are on the way; `lost`: nothing is known. */
  ask: null | 'level' | 'seen' | 'off' | 'lost';
  /** The level that is asked for, -1 for none. */
  asked: number;
}
