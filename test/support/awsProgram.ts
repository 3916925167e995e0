import { askLoadedCli } from './loadedCli.ts';

/** `aws …` in a shell of the tests: `node awsProgram.ts SOCKET …`. It reads nothing from standard input. */
const [socket = '', ...args] = process.argv.slice(2);
const { code, stdout, stderr } = await askLoadedCli(socket, { args, env: process.env, cwd: process.cwd() });
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
