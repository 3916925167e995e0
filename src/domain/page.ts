/** Where a page of a list begins and how many items it has at most. Lists are sorted newest first. */
export interface PageRequest {
  readonly size: number;
  /** The last item of the page before; absent for the first page. */
  readonly after: PageKey | undefined;
}

/** What lists are sorted by: the time of creation, then the id. */
export interface PageKey {
  readonly createdAt: Date;
  readonly id: string;
}
