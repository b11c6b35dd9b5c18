// @vitest-environment jsdom
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, expect, test, vi } from 'vitest';
import { ConfirmDialog, type ConfirmDialogProps } from './ConfirmDialog';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
let root: Root | undefined;
afterEach(() => act(() => root?.unmount()));

function show(props: Partial<ConfirmDialogProps>): {
  button: (name: string) => HTMLButtonElement | undefined;
  answers: boolean[];
} {
  const box = document.createElement('div');
  document.body.replaceChildren(box);
  const answers: boolean[] = [];
  root = createRoot(box);
  act(() =>
    root?.render(
      <ConfirmDialog
        title="Delete pod web-0?"
        place="prod"
        verb="Delete pod"
        onAnswer={(yes) => answers.push(yes)}
        {...props}
      />,
    ),
  );
  const button = (name: string) =>
    [...box.querySelectorAll('button')].find((one) => one.textContent === name);
  return { button, answers };
}

test('a dangerous question is focused on Cancel, a harmless one on its verb', () => {
  const first = show({ danger: true });
  expect(document.activeElement).toBe(first.button('Cancel'));
  act(() => root?.unmount());
  const second = show({});
  expect(document.activeElement).toBe(second.button('Delete pod'));
});

test('a protected cluster wants its exact name; Enter in the field deletes nothing', () => {
  const { button, answers } = show({ danger: true, typeToConfirm: 'prod' });
  const field = document.querySelector('input');
  expect(document.activeElement).toBe(field);
  const type = (text: string): void =>
    act(() => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
      field?.dispatchEvent(new Event('input', { bubbles: true }));
    });
  type('Prod');
  expect(button('Delete pod')?.disabled).toBe(true);
  type('prod');
  expect(button('Delete pod')?.disabled).toBe(false);
  act(() => void field?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })));
  expect(answers).toEqual([]);
  act(() => button('Delete pod')?.click());
  expect(answers).toEqual([true]);
});

test('a refused change has no verb to press', () => {
  const { button, answers } = show({ refused: 'prod is read-only here.' });
  expect(button('Delete pod')).toBeUndefined();
  act(() => button('Close')?.click());
  expect(answers).toEqual([false]);
});

test('an Enter that is held down does not run on into the verb', () => {
  const { button } = show({});
  const held = new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true });
  const prevented = vi.spyOn(held, 'preventDefault');
  act(() => void button('Delete pod')?.dispatchEvent(held));
  expect(prevented).toHaveBeenCalled();
});
