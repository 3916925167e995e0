import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeSettings } from '../src/config.ts';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const compose = read('docker-compose.yml');

describe('docker-compose.yml', () => {
  it('pins every image to a version', () => {
    const images = [...compose.matchAll(/image: (\S+)/g)].map((match) => match[1]);
    expect(images.length).toBeGreaterThan(5);
    expect(images.filter((image) => !/:(\d+\.\d+.*|local)$/.test(image ?? ''))).toEqual([]);
  });

  it('has no default for a password or a key', () => {
    const secrets = [...compose.matchAll(/\$\{([A-Z_]*(?:PASSWORD|ACCESS_KEYS)[A-Z_]*)([^}]*)\}/g)];
    expect(secrets.length).toBeGreaterThan(4);
    expect(secrets.filter((match) => !match[2]?.startsWith(':?')).map((match) => match[0])).toEqual([]);
  });

  it('names only settings that exist', () => {
    const known = [...describeSettings().map(({ name }) => name), 'REPOINT_DB_PASSWORD'];
    const named = [...compose.matchAll(/REPOINT_[A-Z0-9_]+/g)].map((match) => match[0]);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('passes on every setting but those it decides itself', () => {
    const own = /^(REPOINT_(HOST|(\w+_)?PORT|AUTH)|TEMPORAL_NAMESPACE)$/;
    const names = describeSettings().map(({ name }) => name);
    expect(names.filter((name) => !own.test(name) && !compose.includes(`    ${name}: `))).toEqual([]);
  });

  it('opens ports on loopback only', () => {
    const ports = [...compose.matchAll(/ports: \['([^']+)'\]/g)].map((match) => match[1]);
    expect(ports.length).toBe(3);
    expect(ports.filter((port) => !port?.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('pins its base image and runs as somebody else than root', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(bases.filter((base) => !/:\d+\.\d+\.\d+/.test(base ?? ''))).toEqual([]);
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  it('copies only what .dockerignore lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    expect(copied.filter((file) => !allowed.includes(file))).toEqual([]);
  });
});
