/** The lint rule that holds the walls of `layers.mjs`: every form of import, export from, require and import(). */
import { relative, sep } from 'node:path';
import { wallProblem } from './layers.mjs';

/** @type {import('eslint').Rule.RuleModule} */
export const walls = {
  meta: {
    type: 'problem',
    docs: { description: 'imports stay inside the layers of scripts/lint/layers.mjs' },
    schema: [],
    messages: { wall: '{{problem}}.' },
  },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');

    function check(source, typeOnly) {
      if (!source || typeof source.value !== 'string') return;
      const problem = wallProblem(file, source.value, typeOnly);
      if (problem) context.report({ node: source, messageId: 'wall', data: { problem } });
    }

    return {
      ImportDeclaration: (node) => check(node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source ?? node.argument?.literal, true),
      TSExternalModuleReference: (node) => check(node.expression, false),
      'CallExpression[callee.name="require"]': (node) => check(node.arguments[0], false),
      'CallExpression[callee.object.name="require"][callee.property.name="resolve"]': (node) =>
        check(node.arguments[0], false),
    };
  },
};
