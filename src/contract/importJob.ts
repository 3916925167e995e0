import type { ImportJobRequest } from '@aws-sdk/client-pinpoint';
import { type Problem, RepointError, refuseAny } from '../domain/errors.ts';
import type { ImportDefinition } from '../domain/importDefinition.ts';
import { parseS3Url } from '../domain/s3Url.ts';
import { roleProblems } from './roleArn.ts';
import { shown } from './text.ts';

const longestUrl = 2_048;

/**
 * Reads an import job's request. `RoleArn` is checked for its form only: files are read with the credentials of this process.
 * @throws RepointError BadRequest with every problem; NotImplemented for what is not built yet
 */
export function parseImportJob(request: ImportJobRequest): ImportDefinition {
  const { RegisterEndpoints = false, DefineSegment = false, ExternalId, SegmentId, SegmentName } = request;
  const { S3Url = '', RoleArn = '', Format } = request;
  const problems = [
    ...formatProblems(Format),
    ...urlProblems(S3Url),
    ...roleProblems(RoleArn),
    ...purposeProblems(RegisterEndpoints, DefineSegment),
  ];
  refuseAny(problems);
  if (DefineSegment)
    throw notBuilt('DefineSegment', 'import with RegisterEndpoints and select by attributes');
  if (Format !== 'JSON') throw notBuilt('Format CSV', 'use JSON, one endpoint a line');
  return {
    Format,
    S3Url,
    RoleArn,
    RegisterEndpoints,
    DefineSegment,
    ...(ExternalId === undefined ? {} : { ExternalId }),
    ...(SegmentId === undefined ? {} : { SegmentId }),
    ...(SegmentName === undefined ? {} : { SegmentName }),
  };
}

function formatProblems(format: unknown): Problem[] {
  if (format === 'JSON' || format === 'CSV') return [];
  return [{ path: 'Format', message: `must be one of CSV, JSON; given ${shown(format)}` }];
}

function urlProblems(url: string): Problem[] {
  if (url.length <= longestUrl && parseS3Url(url) !== null) return [];
  const form = 'must be of the form s3://bucket/key with a bucket of 3 to 63 characters';
  return [{ path: 'S3Url', message: `${form}; given ${shown(url)}` }];
}

/** The original refuses a job that would keep nothing. */
function purposeProblems(registerEndpoints: boolean, defineSegment: boolean): Problem[] {
  if (registerEndpoints || defineSegment) return [];
  return [{ path: 'RegisterEndpoints', message: 'this or DefineSegment must be true' }];
}

function notBuilt(what: string, instead: string): RepointError {
  return new RepointError('NotImplemented', `${what} is not built yet; ${instead}`);
}
