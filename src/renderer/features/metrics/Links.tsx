/** Links of this context into Grafana, Jaeger and the like, filled with the object on screen; and their templates. */
import { useState, type FormEvent, type ReactNode } from 'react';
import { app, baseContext } from '#shared/contract/app';
import {
  fillLink,
  linkForms,
  linkProblem,
  linkVariables,
  type LinkTemplate,
  type LinkTool,
  type LinkValues,
} from '#shared/domain/prom/links';
import type { MetricsTarget } from '#shared/domain/prom/charts';
import { toAppError } from '#shared/util/app-error';
import { patchContextSettings, useAppData, useSettings } from '../../data/app-data';
import { useClusterId } from '../../data/connections';
import { clusterTitle } from '../../data/confirm';
import { Button } from '../../ui/Button';
import { TextField } from '../../ui/TextField';
import styles from './metrics.module.css';
import { useTime } from './time';

const none: readonly LinkTemplate[] = [];
const tools = Object.keys(linkForms) as LinkTool[];

export function Links({ target }: { readonly target: MetricsTarget }): ReactNode {
  const clusterId = useClusterId();
  const time = useTime(clusterId);
  const links = useSettings().contexts[baseContext(clusterId)]?.links ?? none;
  const [editing, setEditing] = useState(false);
  const [problem, setProblem] = useState('');
  const open = (link: LinkTemplate): void => {
    const now = Date.now();
    const url = fillLink(link, {
      ...valuesOf(target),
      cluster: clusterTitle(clusterId),
      from: Math.round(time.zoom ? time.zoom.from * 1000 : now - time.span * 1000),
      to: Math.round(time.zoom ? time.zoom.to * 1000 : now),
    });
    if (url === undefined) return;
    setProblem('');
    useAppData
      .getState()
      .client?.call(app, 'openExternal', { url })
      .catch((thrown: unknown) => setProblem(toAppError(thrown).message));
  };
  const fits = links.filter(
    (link) => fillLink(link, { ...valuesOf(target), cluster: 'x', from: 0, to: 0 }) !== undefined,
  );
  return (
    <div className={styles.row} role="group" aria-label="Links">
      {fits.map((link) => (
        <Button key={`${link.title} ${link.url}`} onClick={() => open(link)}>
          {link.title}
        </Button>
      ))}
      <Button look="quiet" aria-expanded={editing} onClick={() => setEditing(!editing)}>
        {links.length === 0 ? 'Add a link to Grafana or traces' : 'Links'}
      </Button>
      {problem !== '' && <span className={styles.bad}>{problem}</span>}
      {editing && <LinkForm links={links} onDone={() => setEditing(false)} />}
    </div>
  );
}

function valuesOf(target: MetricsTarget): Omit<LinkValues, 'cluster' | 'from' | 'to'> {
  switch (target.kind) {
    case 'pod':
    case 'container':
      return { kind: 'pods', namespace: target.namespace, name: target.name, pod: target.name };
    case 'workload':
      return {
        kind: target.controller,
        namespace: target.namespace,
        name: target.name,
        workload: target.name,
      };
    case 'namespace':
      return { kind: 'namespaces', namespace: target.name, name: target.name };
    case 'node':
      return { kind: 'nodes', name: target.name, node: target.name };
    case 'claim':
      return { kind: 'persistentvolumeclaims', namespace: target.namespace, name: target.name };
    case 'ingress':
      return { kind: 'ingresses', namespace: target.namespace, name: target.name };
    case 'cluster':
      return { kind: 'cluster', name: 'cluster' };
  }
}

interface LinkFormProps {
  readonly links: readonly LinkTemplate[];
  readonly onDone: () => void;
}

function LinkForm({ links, onDone }: LinkFormProps): ReactNode {
  const clusterId = useClusterId();
  const [title, setTitle] = useState('Grafana');
  const [url, setUrl] = useState(linkForms.Grafana);
  const problem = linkProblem({ title, url });
  const keep = (next: readonly LinkTemplate[]): void =>
    patchContextSettings(baseContext(clusterId), { links: next.length === 0 ? null : next });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (problem !== undefined) return;
    const one = { title: title.trim(), url: url.trim() };
    keep([...links.filter((other) => other.title !== one.title), one]);
    onDone();
  };
  return (
    <form className={styles.links} aria-label="Link" onSubmit={submit}>
      {links.map((link) => (
        <div key={link.title} className={styles.query}>
          <code>
            {link.title}: {link.url}
          </code>
          <Button look="quiet" onClick={() => keep(links.filter((other) => other !== link))}>
            Remove {link.title}
          </Button>
        </div>
      ))}
      <label className={styles.pick}>
        Form
        <select
          aria-label="Form"
          value=""
          onChange={(event) => {
            const tool = tools.find((one) => one === event.target.value);
            if (!tool) return;
            setTitle(tool);
            setUrl(linkForms[tool]);
          }}
        >
          <option value="">Begin with</option>
          {tools.map((tool) => (
            <option key={tool}>{tool}</option>
          ))}
        </select>
      </label>
      <TextField label="Name" value={title} onChange={(event) => setTitle(event.target.value)} />
      <TextField label="Address" mono value={url} onChange={(event) => setUrl(event.target.value)} />
      <p className={styles.muted}>
        {problem ??
          `Variables: ${linkVariables.map((name) => `{{${name}}}`).join(' ')}. Kept for this context.`}
      </p>
      <div className={styles.row}>
        <Button type="submit" look="primary" disabled={problem !== undefined}>
          Keep
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}
