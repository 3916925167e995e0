/** What an import job was asked to do, as it is kept and answered. */
export interface ImportDefinition {
  readonly Format: 'JSON';
  readonly S3Url: string;
  readonly RoleArn: string;
  readonly RegisterEndpoints: boolean;
  readonly DefineSegment: boolean;
  readonly ExternalId?: string;
  readonly SegmentId?: string;
  readonly SegmentName?: string;
}
