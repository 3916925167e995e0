// The first thing every command loads. Old syntax on purpose: an old Node must get this far to say what it lacks.
var wanted = [22, 18];
var found = process.versions.node.split('.').map(Number);

if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  console.error(
    'Repoint needs Node ' +
      wanted.join('.') +
      ' or newer; this is Node ' +
      process.versions.node +
      '.\n' +
      'In a clone, `npm ci` brings Node 24 along and `npm start`, `npm run demo` and `npm test` use it,\n' +
      'whatever Node the machine has. If you did run one of them, install scripts were blocked:\n' +
      'run `npm rebuild node`, or install Node 24 (https://nodejs.org).',
  );
  process.exit(1);
}
