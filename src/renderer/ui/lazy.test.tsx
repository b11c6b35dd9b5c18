// @vitest-environment jsdom
import { act, Component, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, expect, test, vi } from 'vitest';
import { lazy } from './lazy';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
let root: Root | undefined;
let box: HTMLElement;
afterEach(() => act(() => root?.unmount()));

/** Does it, and what follows from it once its promises are done. */
const settled = (work: () => void): Promise<void> => act(() => Promise.resolve().then(work));

function show(what: ReactNode): Promise<void> {
  box = document.createElement('div');
  root = createRoot(box);
  return settled(() => root?.render(what));
}

const Name = ({ name }: { readonly name: string }): ReactNode => <b>{name}</b>;

class Boundary extends Component<{ readonly children: ReactNode }, { readonly error?: Error }> {
  static getDerivedStateFromError = (error: Error) => ({ error });
  override state: { readonly error?: Error } = {};
  override render(): ReactNode {
    return this.state.error ? <i>{this.state.error.message}</i> : this.props.children;
  }
}

test('shows its placeholder until the code is there, then the component, from then on at once', async () => {
  let come: (module: { default: typeof Name }) => void = () => undefined;
  const load = vi.fn(() => new Promise<{ default: typeof Name }>((resolve) => (come = resolve)));
  const Late = lazy(load, <p>soon</p>);
  await show(<Late name="a" />);
  expect(box.innerHTML).toBe('<p>soon</p>');
  await settled(() => come({ default: Name }));
  expect(box.innerHTML).toBe('<b>a</b>');
  await settled(() => root?.render(<Late name="b" />));
  expect(box.innerHTML).toBe('<b>b</b>');
  act(() => root?.unmount());
  box = document.createElement('div');
  root = createRoot(box);
  act(() => root?.render(<Late name="c" />));
  expect(box.innerHTML).toBe('<b>c</b>');
  expect(load).toHaveBeenCalledTimes(1);
});

test('two of them wait for one load; one that went meanwhile is left alone', async () => {
  let come: (module: { default: typeof Name }) => void = () => undefined;
  const load = vi.fn(() => new Promise<{ default: typeof Name }>((resolve) => (come = resolve)));
  const Late = lazy(load);
  await show([<Late key="a" name="a" />, <Late key="b" name="b" />]);
  await settled(() => root?.render([<Late key="b" name="b" />]));
  await settled(() => come({ default: Name }));
  expect(box.innerHTML).toBe('<b>b</b>');
  expect(load).toHaveBeenCalledTimes(1);
});

test('preloaded it shows no placeholder; a preload that failed is forgotten', async () => {
  let fails = true;
  const load = vi.fn(() =>
    fails ? Promise.reject(new Error('no disk')) : Promise.resolve({ default: Name }),
  );
  const Late = lazy(load, <p>soon</p>);
  await settled(() => Late.preload());
  fails = false;
  await settled(() => Late.preload());
  expect(load).toHaveBeenCalledTimes(2);
  box = document.createElement('div');
  root = createRoot(box);
  act(() => root?.render(<Late name="a" />));
  expect(box.innerHTML).toBe('<b>a</b>');
  Late.preload();
  expect(load).toHaveBeenCalledTimes(2);
});

test('code that does not come is an error of the boundary, and is asked for again', async () => {
  const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  let fails = true;
  const Late = lazy(() =>
    fails ? Promise.reject(new Error('no disk')) : Promise.resolve({ default: Name }),
  );
  const at = (key: string): ReactNode => (
    <Boundary key={key}>
      <Late name="a" />
    </Boundary>
  );
  await show(at('first'));
  expect(box.innerHTML).toBe('<i>no disk</i>');
  fails = false;
  await settled(() => root?.render(at('again')));
  expect(box.innerHTML).toBe('<b>a</b>');
  silent.mockRestore();
});
