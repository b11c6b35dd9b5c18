/** Collects all commands into the one list and lets keys run them. */
import { useEffect, useMemo, type ReactNode } from 'react';
import { CommandListContext, commandState, currentContext, type CommandList } from '../data/command-registry';
import { useConnections } from '../data/connections';
import { pressName } from '../ui/keys';
import { features } from './features';
import { frameCommands } from './frame-commands';
import { KeyMatcher, typingIn } from './key-matcher';
import { typeAhead, useOverlays } from './overlay-state';

const all = [...frameCommands, ...features.flatMap((feature) => feature.commands ?? [])];

export function Commands({ children }: { readonly children: ReactNode }): ReactNode {
  const connections = useConnections();
  const list = useMemo<CommandList>(
    () => ({ all, context: () => currentContext(connections) }),
    [connections],
  );
  useEffect(() => {
    const matcher = new KeyMatcher();
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const name = pressName(event);
      const where = typingIn(event.target);
      const { palette, keys, namespaces } = useOverlays.getState();
      if ((palette !== null || keys) && !inDialog(event.target)) {
        // The overlay is still on its way: nothing typed meanwhile is lost.
        const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
        if (plain && typeAhead(event.key)) event.preventDefault();
        return;
      }
      // A question before a change is no place for the table's keys.
      if (document.querySelector('dialog[open]')) return;
      if (name === undefined || where === 'own' || palette !== null || keys || namespaces) return;
      if ((name === 'enter' || name === 'space') && pressesButton(event.target)) return;
      const result = matcher.press(name, list.all, event.timeStamp, where === 'text');
      if (result.type === 'none') return;
      if (result.type === 'pending') return event.preventDefault();
      const context = list.context();
      const command = result.commands.find((each) => commandState(each, context) === undefined);
      if (!command) return;
      event.preventDefault();
      if (name === 'escape' && where === 'text' && event.target instanceof HTMLElement) event.target.blur();
      else void command.run(context);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [list]);
  return <CommandListContext value={list}>{children}</CommandListContext>;
}

/** Enter and Space belong to the control that has the focus. */
function pressesButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, input, [role=tab]') !== null;
}

function inDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('dialog') !== null;
}
