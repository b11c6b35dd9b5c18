/** Draws the question that `confirmChange` asked; mounted once beside the frame. */
import { useEffect, type ReactNode } from 'react';
import { ConfirmDialog } from '../ui/ConfirmDialog';
import { clusterTitle, isProtected, readOnlyReason, useConfirm } from './confirm';

export function ConfirmHost(): ReactNode {
  const first = useConfirm((state) => state.queue[0]);
  useEffect(
    () => () => {
      for (const asked of useConfirm.getState().queue) asked.answer(false);
    },
    [],
  );
  if (!first) return null;
  const { id, clusterId, title, body, verb, danger, answer } = first;
  return (
    <ConfirmDialog
      key={id}
      title={title}
      place={clusterTitle(clusterId)}
      verb={verb}
      danger={danger}
      typeToConfirm={isProtected(clusterId) ? clusterTitle(clusterId) : undefined}
      refused={readOnlyReason(clusterId)}
      onAnswer={answer}
    >
      {body}
    </ConfirmDialog>
  );
}
