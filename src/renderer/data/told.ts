/** One line for the person about something that went wrong beside what is on screen; a newer one takes its place. */
import { create } from 'zustand';

export const useTold = create<{ readonly text: string; readonly turn: number }>()(() => ({
  text: '',
  turn: 0,
}));

export function tellPerson(text: string): void {
  useTold.setState(({ turn }) => ({ text, turn: turn + 1 }));
}

export function forgetTold(): void {
  useTold.setState({ text: '' });
}
