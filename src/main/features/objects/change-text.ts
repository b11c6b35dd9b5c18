/**
 * A few fields of a YAML text set to other values, everything else (comments, order, quotes) left as
 * it is: for changes that somebody proposes and the person reviews in the editor.
 */
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { FieldChange } from '#shared/contract/objects';
import { fail } from '#shared/util/app-error';
import { kubeYaml } from '../../kubeconfig/yaml-schema';
import { parseText } from './yaml-text';

/** AppFailure `invalid` where the text cannot be read or an element of a list is not there. */
export function changeText(text: string, changes: readonly FieldChange[]): string {
  const { documents, remarks } = parseText(text);
  const wrong = remarks.find((one) => one.severity === 'error');
  if (wrong || documents.length !== 1) throw fail('invalid', wrong?.message ?? 'This is not one object.');
  const document = parseDocument(text, kubeYaml);
  for (const { path, value } of changes) {
    const keys: (string | number)[] = [];
    for (const step of path) {
      if (typeof step === 'string') {
        keys.push(step);
        continue;
      }
      const list = document.getIn(keys);
      const at = isSeq(list)
        ? list.items.findIndex((item) => isMap(item) && item.get(step.key) === step.is)
        : -1;
      if (at < 0)
        throw fail('invalid', `There is no ${step.key} ${JSON.stringify(step.is)} any more.`, {
          hint: 'The object changed meanwhile; look at it anew.',
        });
      keys.push(at);
    }
    const before = document.getIn(keys, true);
    // A scalar keeps its own comment and style.
    if (isScalar(before)) before.value = value;
    else {
      for (let depth = 1; depth < keys.length; depth += 1) {
        const parent = document.getIn(keys.slice(0, depth));
        // `resources: {}` becomes a block.
        if (isMap(parent) && parent.items.length === 0) parent.flow = false;
      }
      document.setIn(keys, value);
    }
  }
  return document.toString({ lineWidth: 0 });
}
