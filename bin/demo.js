import './require-node.js';

void import('./launch.js').then(({ launch }) => launch('demo/main'));
