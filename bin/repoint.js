#!/usr/bin/env node
import './require-node.js';

void import('./launch.js').then(({ launch }) => launch('cli/main'));
