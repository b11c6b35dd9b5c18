import { describe, expect, it } from 'vitest';
import { placeAt } from './yaml-place';

const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  template:
    spec:
      containers:
      - name: main
        image: a
        ports:
          - containerPort: 80
            protocol: TCP
        env:
        - name: A
          
      - name: side
  re
---
kind: Service
spec:
  po`;
const lines = text.split('\n');
const at = (line: string): number => lines.findIndex((one) => one === line);

describe('placeAt', () => {
  it.each([
    ['kind: Deployment', []],
    ['  name: web', ['metadata']],
    ['    app.kubernetes.io/name: web', ['metadata', 'labels']],
    ['      - name: main', ['spec', 'template', 'spec', 'containers', '[]']],
    ['        image: a', ['spec', 'template', 'spec', 'containers', '[]']],
    ['            protocol: TCP', ['spec', 'template', 'spec', 'containers', '[]', 'ports', '[]']],
    ['          - containerPort: 80', ['spec', 'template', 'spec', 'containers', '[]', 'ports', '[]']],
    ['        - name: A', ['spec', 'template', 'spec', 'containers', '[]', 'env', '[]']],
    ['          ', ['spec', 'template', 'spec', 'containers', '[]', 'env', '[]']],
    ['      - name: side', ['spec', 'template', 'spec', 'containers', '[]']],
    ['  re', ['spec']],
    ['  po', ['spec']],
  ])('%s', (line, path) => expect(placeAt(lines, at(line)).path).toEqual(path));

  it('knows the keys beside it', () => {
    expect([...placeAt(lines, at('        image: a')).siblings].sort()).toEqual(['env', 'name', 'ports']);
    expect([...placeAt(lines, at('      - name: main')).siblings].sort()).toEqual(['env', 'image', 'ports']);
    expect(placeAt(lines, at('kind: Service')).siblings).toEqual(['spec']);
  });
});
