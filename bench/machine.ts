import { cpus, loadavg, totalmem } from 'node:os';

/** Where and when figures were measured, and what else the machine had to do. */
export function machineLine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() || 'unknown processor';
  const load = (loadavg()[0] ?? 0) / cores.length;
  const gigabytes = (totalmem() / 1024 ** 3).toFixed(0);
  const when = new Date().toISOString().slice(0, 10);
  return `Measured ${when}: ${cores.length} × ${model}, ${gigabytes} GB, ${process.platform}, Node ${process.versions.node}; load of the last minute per core, this benchmark's own included: ${load.toFixed(1)}.`;
}
