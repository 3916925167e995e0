import type { Defaulted, Json, Tags } from './columns.ts';

export interface TemplateTable {
  name: string;
  type: string;
  active_version: number;
  latest_version: number;
  tags: Defaulted<Tags>;
  created_at: Date;
  modified_at: Date;
}

export interface TemplateVersionTable {
  name: string;
  type: string;
  version: number;
  document: Json<Record<string, unknown>>;
  created_at: Date;
  modified_at: Date;
}
