type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Leaves members out that are undefined: absent and undefined mean the same here. */
export function defined<T extends object>(members: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<
    Defined<T>
  >;
}
