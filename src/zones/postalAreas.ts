/** The zones of postal codes by how they begin: the longest beginning that fits decides; '' is the rest of the country. */
type Areas = Readonly<Record<string, readonly string[]>>;

const toronto = 'America/Toronto';
const winnipeg = 'America/Winnipeg';
const edmonton = 'America/Edmonton';

/** The countries whose postal codes Pinpoint reads, and the territories that share them. */
const areas: Readonly<Record<string, Areas>> = {
  // Only what the table of ZIP codes lacks: the territories, and the mail of the forces, which may be anywhere.
  US: {
    '006': ['America/Puerto_Rico'],
    '007': ['America/Puerto_Rico'],
    '008': ['America/St_Thomas'],
    '009': ['America/Puerto_Rico'],
    '969': ['Pacific/Guam'],
    '96799': ['Pacific/Pago_Pago'],
  },
  PR: { '': ['America/Puerto_Rico'] },
  VI: { '': ['America/St_Thomas'] },
  GU: { '': ['Pacific/Guam'] },
  MP: { '': ['Pacific/Saipan'] },
  AS: { '': ['Pacific/Pago_Pago'] },
  GB: { '': ['Europe/London'] },
  JE: { '': ['Europe/Jersey'] },
  GG: { '': ['Europe/Guernsey'] },
  IM: { '': ['Europe/Isle_of_Man'] },
  DE: { '': ['Europe/Berlin'] },
  IT: { '': ['Europe/Rome'] },
  FR: {
    '': ['Europe/Paris'],
    '971': ['America/Guadeloupe'],
    '972': ['America/Martinique'],
    '973': ['America/Cayenne'],
    '974': ['Indian/Reunion'],
    '975': ['America/Miquelon'],
    '976': ['Indian/Mayotte'],
    '986': ['Pacific/Wallis'],
    '987': ['Pacific/Tahiti', 'Pacific/Marquesas', 'Pacific/Gambier'],
    '988': ['Pacific/Noumea'],
  },
  GP: { '': ['America/Guadeloupe'] },
  MQ: { '': ['America/Martinique'] },
  GF: { '': ['America/Cayenne'] },
  RE: { '': ['Indian/Reunion'] },
  PM: { '': ['America/Miquelon'] },
  YT: { '': ['Indian/Mayotte'] },
  ES: {
    '': ['Europe/Madrid'],
    '35': ['Atlantic/Canary'],
    '38': ['Atlantic/Canary'],
    '51': ['Africa/Ceuta'],
    '52': ['Africa/Ceuta'],
  },
  NZ: { '': ['Pacific/Auckland'], '8942': ['Pacific/Chatham'] },
  AU: {
    '0': ['Australia/Darwin'],
    '02': ['Australia/Sydney'],
    '1': ['Australia/Sydney'],
    '2': ['Australia/Sydney'],
    '2880': ['Australia/Broken_Hill'],
    '2898': ['Australia/Lord_Howe'],
    '2899': ['Pacific/Norfolk'],
    '3': ['Australia/Melbourne'],
    '4': ['Australia/Brisbane'],
    '5': ['Australia/Adelaide'],
    '6': ['Australia/Perth'],
    '6443': ['Australia/Perth', 'Australia/Eucla'],
    '6798': ['Indian/Christmas'],
    '6799': ['Indian/Cocos'],
    '7': ['Australia/Hobart'],
    '8': ['Australia/Melbourne'],
    '9': ['Australia/Brisbane'],
  },
  CA: {
    A: ['America/St_Johns'],
    A0P: ['America/Goose_Bay', 'America/St_Johns'],
    A0R: ['America/Goose_Bay'],
    A2V: ['America/Goose_Bay'],
    B: ['America/Halifax'],
    C: ['America/Halifax'],
    E: ['America/Moncton'],
    G: [toronto],
    G0G: [toronto, 'America/Blanc-Sablon'],
    G4T: ['America/Halifax'],
    H: [toronto],
    J: [toronto],
    K: [toronto],
    L: [toronto],
    M: [toronto],
    N: [toronto],
    P: [toronto],
    P0: [toronto, winnipeg],
    P8: [winnipeg, 'America/Atikokan'],
    P9: [winnipeg],
    R: [winnipeg],
    S: ['America/Regina'],
    S9V: [edmonton],
    T: [edmonton],
    V: ['America/Vancouver'],
    V0: ['America/Vancouver', edmonton],
    V1C: [edmonton],
    V1G: ['America/Dawson_Creek'],
    V1J: ['America/Dawson_Creek'],
    X: [edmonton],
    X0A: ['America/Iqaluit'],
    X0B: [edmonton],
    X0C: ['America/Rankin_Inlet'],
    Y: ['America/Whitehorse'],
  },
};

/**
 * The zones a code may be in by its beginning; empty for countries and codes that are not listed.
 * @param country ISO 3166 alpha-2, upper case
 * @param code upper case, without blanks
 */
export function areasOf(country: string, code: string): readonly string[] {
  const known = areas[country];
  if (known === undefined || code === '') return [];
  for (let length = code.length; length >= 0; length -= 1) {
    const zones = known[code.slice(0, length)];
    if (zones !== undefined) return zones;
  }
  return [];
}
