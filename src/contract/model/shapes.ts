/** What a value on the wire may be. Structs stand for themselves, so shapes may be recursive. */
export type Shape = StringShape | NumberShape | SimpleShape | ListShape | MapShape | Struct;

export interface StringShape {
  readonly kind: 'string';
  /** Absent: any text. */
  readonly allowed?: readonly string[];
}

export interface NumberShape {
  readonly kind: 'integer' | 'double';
}

export interface SimpleShape {
  readonly kind: 'boolean' | 'timestamp' | 'blob';
}

export interface ListShape {
  readonly kind: 'list';
  readonly element: Shape;
}

export interface MapShape {
  readonly kind: 'map';
  readonly value: Shape;
  /** Absent: any key. */
  readonly allowedKeys?: readonly string[];
}

export interface Struct {
  readonly kind: 'struct';
  readonly name: string;
  readonly members: readonly Member[];
  readonly byWireName: ReadonlyMap<string, Member>;
}

export interface Member {
  /** The SDK's name of it. */
  readonly name: string;
  /** Its key in JSON or in the query string. */
  readonly wireName: string;
  readonly location: 'path' | 'query' | 'payload' | 'body';
  readonly required: boolean;
  readonly shape: Shape;
}
