import * as sdk from '@aws-sdk/client-pinpoint';
import { readStruct, unknownSchema } from './schemaReader.ts';
import type { Member, Struct } from './shapes.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

type Sdk = typeof sdk;
type CommandName = Exclude<Extract<keyof Sdk, `${string}Command`>, '$Command'>;

/** `CreateApp`, `PutEvents`, … : the 122 operations of the SDK's own model. */
export type OperationName = CommandName extends infer C
  ? C extends `${infer Name}Command`
    ? Name
    : never
  : never;

/** One operation as the SDK's schemas describe it. */
export interface Operation {
  readonly name: OperationName;
  readonly method: HttpMethod;
  /** A template with labels, `/v1/apps/{ApplicationId}`; each label is a member of the input. */
  readonly path: string;
  /** Status of success. */
  readonly status: number;
  readonly input: Struct;
  readonly output: Struct;
  /** The member that is the request's whole body. */
  readonly inputPayload: Member | undefined;
  /** The member that is the response's whole body; without one the body is empty. */
  readonly outputPayload: Member | undefined;
}

const OPERATION = 9;
const methods: readonly unknown[] = ['GET', 'POST', 'PUT', 'DELETE'] satisfies HttpMethod[];

/** Every operation of the pinned `@aws-sdk/client-pinpoint`, in the order of their names. */
export const operations: readonly Operation[] = Object.values(sdk)
  .filter(
    (value): value is typeof value & readonly unknown[] => Array.isArray(value) && value[0] === OPERATION,
  )
  .map((tuple) => readOperation(tuple))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const byName: ReadonlyMap<string, Operation> = new Map(operations.map((each) => [each.name, each]));

/** The operation of that name; a name outside the model is a programming fault. */
export function operationNamed(name: OperationName): Operation {
  const operation = byName.get(name);
  if (operation === undefined) throw new Error(`No operation ${name} in the SDK's schemas`);
  return operation;
}

function readOperation(tuple: readonly unknown[]): Operation {
  const { method, path, status } = readHttp(tuple[3]);
  const input = readStruct(tuple[4]);
  const output = readStruct(tuple[5]);
  return {
    name: String(tuple[2]) as OperationName,
    method,
    path,
    status,
    input,
    output,
    inputPayload: payloadOf(input),
    outputPayload: payloadOf(output),
  };
}

function readHttp(traits: unknown): Pick<Operation, 'method' | 'path' | 'status'> {
  const entries = typeof traits === 'object' && traits !== null ? Object.entries(traits) : [];
  const [key, http] = entries[0] ?? [];
  if (entries.length !== 1 || key !== 'http' || !Array.isArray(http) || http.length !== 3) {
    throw unknownSchema('trait of an operation', traits);
  }
  const [method, path, status]: readonly unknown[] = http;
  if (!methods.includes(method) || typeof path !== 'string' || typeof status !== 'number') {
    throw unknownSchema('http trait', http);
  }
  return { method: method as HttpMethod, path, status };
}

function payloadOf(struct: Struct): Member | undefined {
  return struct.members.find((member) => member.location === 'payload');
}
