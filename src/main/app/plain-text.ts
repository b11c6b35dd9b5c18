/**
 * Text without terminal control: CSI, OSC, DCS and other escape sequences are dropped, also when
 * cut between chunks; of control characters only tab and line feed stay. Bounded memory. Pure.
 */

type State = 'text' | 'escape' | 'csi' | 'string' | 'string-escape' | 'skip-one';

export class PlainText {
  private state: State = 'text';
  private readonly decoder = new TextDecoder('utf-8');

  /** What of these bytes is text. */
  take(bytes: Uint8Array): string {
    let out = '';
    for (const char of this.decoder.decode(bytes, { stream: true })) out += this.step(char) ? char : '';
    return out;
  }

  /** True when the character is text. */
  private step(char: string): boolean {
    const code = char.charCodeAt(0);
    switch (this.state) {
      case 'text':
        if (code === 0x1b) this.state = 'escape';
        return char === '\t' || char === '\n' || (code >= 0x20 && (code < 0x7f || code >= 0xa0));
      case 'escape':
        if (char === '[') this.state = 'csi';
        else if (char === ']' || char === 'P' || char === 'X' || char === '^' || char === '_')
          this.state = 'string';
        else if (code >= 0x20 && code <= 0x2f) this.state = 'skip-one';
        else this.state = 'text';
        return false;
      case 'skip-one':
        if (code < 0x20 || code > 0x2f) this.state = 'text';
        return false;
      case 'csi':
        if (code === 0x1b) this.state = 'escape';
        else if (code >= 0x40 && code <= 0x7e) this.state = 'text';
        return false;
      case 'string':
        if (code === 0x07) this.state = 'text';
        else if (code === 0x1b) this.state = 'string-escape';
        return false;
      case 'string-escape':
        this.state = char === '\\' ? 'text' : 'string';
        return false;
    }
  }
}
