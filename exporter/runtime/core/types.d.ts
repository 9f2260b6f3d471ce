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
  /** The rule that forbids it, '' if none does, and against a one-way edge. */
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
}

/** A route in words. */
export interface Told {
  language: string;
  instructions: Instruction[];
  notices: Clause[];
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
  hint?: string;
}
