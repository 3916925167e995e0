// A worker's part of an import in a process of its own, to be killed: node importPieceProcess.ts DATABASE_URL FOLDER PIECE
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ImportPieceId } from '../../src/activities/imports/importActivities.ts';
import { createImportJobActivities } from '../../src/activities/imports/importJob.ts';
import { openDatabase } from '../../src/db/database.ts';
import { createLocalFiles } from '../../src/files/localFiles.ts';
import { testDeps } from './deps.ts';

const [databaseUrl = '', folder = '', piece = ''] = process.argv.slice(2);
const db = openDatabase(databaseUrl);
const { importPiece } = createImportJobActivities(testDeps(db, { files: createLocalFiles(folder) }));
await new MockActivityEnvironment().run(importPiece, JSON.parse(piece) as ImportPieceId);
await db.destroy();
