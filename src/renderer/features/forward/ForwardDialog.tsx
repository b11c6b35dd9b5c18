/** Asks which ports of one object shall be reachable where on this machine. */
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { forward, type ForwardOptions, type ForwardStarted } from '#shared/contract/forward';
import { AppFailure, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useConnections } from '../../data/connections';
import { deniedWords, useCan, type AccessQuestion } from '../../data/use-can';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { StatusMark } from '../../ui/StatusMark';
import styles from './forward.module.css';
import { closeForwardDialog, openForwards, type AskedForward } from './open';
import { PortLine, type Wish } from './PortLine';
import { keep, savedOf } from './saved';
import { isRemote, readPort, suggestedLocal, takenWords } from './words';

export function ForwardDialog({ asked }: { readonly asked: AskedForward }): ReactNode {
  const { clusterId, target } = asked;
  const connections = useConnections();
  const [client] = useState(() => connections.cluster(clusterId));
  const [options, setOptions] = useState<ForwardOptions>();
  const [problem, setProblem] = useState<AppError>();
  const [wishes, setWishes] = useState<readonly Wish[]>([]);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const nextKey = useRef(0);
  const question: AccessQuestion = {
    verb: 'get',
    group: '',
    resource: 'pods',
    subresource: 'portforward',
    namespace: target.namespace,
  };
  const [verdict] = useCan(clusterId, [question]);
  const denied = deniedWords(question, verdict);

  useEffect(() => {
    const abort = new AbortController();
    client?.call(forward, 'options', { target }, abort.signal).then(
      (found) => {
        setOptions(found);
        const own = found.ports.map((port, index): Wish => ({
          key: nextKey.current++,
          port,
          remote: port.remote,
          on: index === 0,
          local: String(suggestedLocal(port.number)),
        }));
        setWishes(own.length > 0 ? own : [otherPort(nextKey.current++)]);
      },
      (thrown: unknown) => {
        if (!isCancelled(thrown)) setProblem(toAppError(thrown));
      },
    );
    return () => abort.abort();
  }, [client, target]);

  const change = (key: number, next: Partial<Wish>): void =>
    setWishes((all) => all.map((one) => (one.key === key ? { ...one, ...next } : one)));
  const chosen = wishes.filter((wish) => wish.on);
  const isComplete =
    chosen.length > 0 && chosen.every((wish) => isRemote(wish.remote) && readPort(wish.local) !== undefined);

  const start = async (): Promise<void> => {
    if (!client || !isComplete || busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const results = await client.call(forward, 'start', {
        target,
        address: open ? '0.0.0.0' : '127.0.0.1',
        ports: chosen.map((wish) => ({ remote: wish.remote, local: readPort(wish.local) ?? 0 })),
      });
      keep(
        clusterId,
        results.flatMap((result) => ('row' in result ? [savedOf(result.row)] : [])),
      );
      if (results.some((result) => 'row' in result)) openForwards(clusterId);
      const failed = chosen.flatMap((wish, index) => failedWish(wish, results[index]));
      if (failed.length === 0) closeForwardDialog();
      else setWishes(failed);
    } catch (thrown) {
      setProblem(thrown instanceof AppFailure ? thrown.error : toAppError(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      label={`Forward port of ${visible(target.name)}`}
      onClose={closeForwardDialog}
      actions={
        <>
          <Button onClick={closeForwardDialog}>Cancel</Button>
          <Button look="primary" disabled={!isComplete || busy} onClick={() => void start()}>
            {chosen.length > 1 ? `Forward ${chosen.length} ports` : 'Forward port'}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        {!options && !problem && <p className={styles.muted}>Reading the ports…</p>}
        {wishes.length > 0 && (
          <div className={styles.ports} role="group" aria-label="Ports">
            <div className={styles.head} aria-hidden="true">
              <span>Port in the cluster</span>
              <span>Port on this machine</span>
            </div>
            {wishes.map((wish) => (
              <PortLine key={wish.key} wish={wish} onChange={(next) => change(wish.key, next)} />
            ))}
            <div>
              <Button look="quiet" onClick={() => setWishes((all) => [...all, otherPort(nextKey.current++)])}>
                <IconPlus size={14} /> Another port
              </Button>
            </div>
          </div>
        )}
        {options && (
          <p className={styles.muted}>
            {options.pod === null ? '' : `Now ${visible(options.pod)}. `}
            {options.heals}
          </p>
        )}
        {options?.problem && <Remark tone="warn" error={options.problem} />}
        {denied !== undefined && (
          <p className={styles.remark}>
            <StatusMark tone="warn" /> {visible(denied)}
          </p>
        )}
        {problem && <Remark tone="bad" error={problem} />}
        <label className={styles.check}>
          <input type="checkbox" checked={open} onChange={(event) => setOpen(event.target.checked)} />
          Let other machines connect (0.0.0.0)
        </label>
        {open && (
          <p className={styles.remark} role="alert">
            <StatusMark tone="warn" /> Everybody who reaches this machine over the network gets to these ports
            with your rights and without a password.
          </p>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

function Remark({ tone, error }: { readonly tone: 'warn' | 'bad'; readonly error: AppError }): ReactNode {
  return (
    <p className={styles.remark} role={tone === 'bad' ? 'alert' : undefined}>
      <StatusMark tone={tone} />
      <span>
        {visible(error.message)}
        {error.hint !== undefined && <span className={styles.muted}> {error.hint}</span>}
      </span>
    </p>
  );
}

function otherPort(key: number): Wish {
  return { key, remote: '', on: true, local: '' };
}

/** The wish again with why it could not be had; nothing when it was. */
function failedWish(wish: Wish, result: ForwardStarted | undefined): Wish[] {
  if (!result || 'row' in result) return [];
  return [
    {
      ...wish,
      problem: takenWords(result),
      ...(result.nextFree === undefined ? {} : { nextFree: result.nextFree }),
    },
  ];
}
