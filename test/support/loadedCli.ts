import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface CliCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the AWS CLI's own code in a fork of the process that has loaded it and listens at the socket. */
export async function askLoadedCli(socket: string, call: CliCall): Promise<CliResult> {
  const connection = connect(socket);
  connection.write(`${JSON.stringify(call)}\n`);
  return JSON.parse(await text(connection)) as CliResult;
}
