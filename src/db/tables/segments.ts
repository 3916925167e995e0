import type { SegmentDocument } from '../../domain/segment/document.ts';
import type { Defaulted, Json, Tags } from './columns.ts';

export interface SegmentTable {
  app_id: string;
  id: string;
  type: string;
  version: number;
  tags: Defaulted<Tags>;
  created_at: Date;
  modified_at: Date;
}

export interface SegmentVersionTable {
  app_id: string;
  segment_id: string;
  version: number;
  name: string | null;
  /** The form that was sent: `{ Dimensions }` or `{ SegmentGroups }`. */
  document: Json<SegmentDocument>;
  created_at: Date;
}
