/** Asks what to try: an HTTP request to a port of the object, or a test from inside the pod. */
import { useState, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { useConnections } from '../../data/connections';
import { Choice } from '../../ui/Choice';
import { Dialog } from '../../ui/Dialog';
import { FromPod } from './FromPod';
import { HttpForm } from './HttpForm';
import { closeProbe, type AskedProbe } from './open';

type What = 'http' | 'connect' | 'dns';

const words: readonly { readonly value: What; readonly label: string }[] = [
  { value: 'http', label: 'HTTP to it' },
  { value: 'connect', label: 'TCP from it' },
  { value: 'dns', label: 'DNS from it' },
];

export function ProbeDialog({ asked }: { readonly asked: AskedProbe }): ReactNode {
  const { clusterId, target } = asked;
  const connections = useConnections();
  const [client] = useState(() => connections.cluster(clusterId));
  const [what, setWhat] = useState<What>('http');
  return (
    <Dialog label={`Probe ${visible(target.name)}`} wide onClose={closeProbe}>
      {target.kind === 'pods' && (
        <div>
          <Choice label="What to try" options={words} value={what} onChange={setWhat} />
        </div>
      )}
      {what === 'http' ? (
        <HttpForm client={client} target={target} onClose={closeProbe} />
      ) : (
        <FromPod
          key={what}
          what={what}
          clusterId={clusterId}
          client={client}
          namespace={target.namespace}
          pod={target.name}
          onClose={closeProbe}
        />
      )}
    </Dialog>
  );
}
