/**
 * Types of the fields of a kubeconfig entry, as Go's decoder demands them. Absent and
 * null are the same. Fields we do not know are left alone. Says only which field is wrong,
 * never what it holds.
 */
export type EntryKind = 'context' | 'cluster' | 'user';

type Shape =
  'text' | 'flag' | 'base64' | 'texts' | 'text-map' | 'texts-map' | 'exec' | 'auth-provider' | 'extensions';

const shapes: Readonly<Record<EntryKind, Readonly<Record<string, Shape>>>> = {
  context: { cluster: 'text', user: 'text', namespace: 'text', extensions: 'extensions' },
  cluster: {
    server: 'text',
    'tls-server-name': 'text',
    'insecure-skip-tls-verify': 'flag',
    'certificate-authority': 'text',
    'certificate-authority-data': 'base64',
    'proxy-url': 'text',
    'disable-compression': 'flag',
    extensions: 'extensions',
  },
  user: {
    'client-certificate': 'text',
    'client-certificate-data': 'base64',
    'client-key': 'text',
    'client-key-data': 'base64',
    token: 'text',
    tokenFile: 'text',
    as: 'text',
    'as-uid': 'text',
    'as-groups': 'texts',
    'as-user-extra': 'texts-map',
    username: 'text',
    password: 'text',
    'auth-provider': 'auth-provider',
    exec: 'exec',
    extensions: 'extensions',
  },
};

const execShapes: Readonly<Record<string, Shape>> = {
  apiVersion: 'text',
  command: 'text',
  args: 'texts',
  installHint: 'text',
  interactiveMode: 'text',
  provideClusterInfo: 'flag',
};

export interface WrongField {
  /** Path inside the entry, dots between. */
  readonly field: string;
  readonly text: string;
}

/** The first field with a wrong type, or undefined. */
export function checkEntry(kind: EntryKind, value: Record<string, unknown>): WrongField | undefined {
  return checkFields(shapes[kind], value, '');
}

function checkFields(
  table: Readonly<Record<string, Shape>>,
  value: Record<string, unknown>,
  prefix: string,
): WrongField | undefined {
  for (const [field, shape] of Object.entries(table)) {
    const found = Object.hasOwn(value, field) ? value[field] : undefined;
    if (found === null || found === undefined) continue;
    const wrong = check(shape, found, prefix + field);
    if (wrong) return wrong;
  }
  return undefined;
}

function check(shape: Shape, found: unknown, field: string): WrongField | undefined {
  const wrong = (text: string): WrongField => ({ field, text: `"${field}" ${text}` });
  switch (shape) {
    case 'text':
      if (typeof found === 'string') return undefined;
      return wrong(
        isObject(found) || Array.isArray(found) ? 'must be text.' : 'must be text; put it in quotes.',
      );
    case 'flag':
      return typeof found === 'boolean' ? undefined : wrong('must be true or false.');
    case 'base64':
      return typeof found === 'string' && isBase64(found) ? undefined : wrong('is not base64.');
    case 'texts':
      return isTexts(found) ? undefined : wrong('must be a list of texts; put numbers in quotes.');
    case 'text-map':
      return isObject(found) && Object.values(found).every((one) => typeof one === 'string' || one === null)
        ? undefined
        : wrong('must hold texts; put numbers in quotes.');
    case 'texts-map':
      return isObject(found) && Object.values(found).every((one) => one === null || isTexts(one))
        ? undefined
        : wrong('must hold lists of texts.');
    case 'extensions':
      return Array.isArray(found) ? undefined : wrong('must be a list.');
    case 'auth-provider': {
      if (!isObject(found)) return wrong('must be an object.');
      return checkFields({ name: 'text', config: 'text-map' }, found, `${field}.`);
    }
    case 'exec': {
      if (!isObject(found)) return wrong('must be an object.');
      return checkFields(execShapes, found, `${field}.`) ?? checkEnv(found['env'], `${field}.env`);
    }
  }
}

function checkEnv(env: unknown, field: string): WrongField | undefined {
  if (env === null || env === undefined) return undefined;
  const good =
    Array.isArray(env) &&
    env.every(
      (one) =>
        isObject(one) &&
        (typeof one['name'] === 'string' || one['name'] == null) &&
        (typeof one['value'] === 'string' || one['value'] == null),
    );
  return good
    ? undefined
    : { field, text: `"${field}" must be a list of name and value; put numbers in quotes.` };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' || one === null);
}

function isBase64(text: string): boolean {
  const packed = text.replace(/[\r\n]/g, '');
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
}
