import { parseFilterSyntax } from '@clew/traceql';
import { type FormEvent, useId, useState } from 'react';
import { text } from '../../text/catalogue.ts';

/** Takes the name of an attribute or intrinsic as TraceQL writes it. */
export function AttributeNameField(props: {
  readonly label: string;
  readonly value: string;
  readonly button: string;
  readonly onName: (name: string) => void;
}) {
  const problemId = useId();
  const [typed, setTyped] = useState(props.value);
  const [isRefused, setRefused] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const name = attributeName(typed);
    setRefused(name === undefined);
    if (name === undefined) return;
    props.onName(name);
    if (props.value === '') setTyped('');
  };
  return (
    <form className="attribute-name" onSubmit={submit}>
      <input
        aria-label={props.label}
        aria-invalid={isRefused}
        aria-describedby={isRefused ? problemId : undefined}
        placeholder={text.waterfall.options.attributeHint}
        value={typed}
        spellCheck={false}
        autoCapitalize="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="button is-small" disabled={typed.trim() === ''}>
        {props.button}
      </button>
      {isRefused && (
        <p id={problemId} className="row-problem" role="alert">
          {text.waterfall.options.notAttribute(typed.trim())}
        </p>
      )}
    </form>
  );
}

/** The name made whole (`http.route` is `.http.route`); undefined when it names nothing. */
export function attributeName(typed: string): string | undefined {
  const name = typed.trim();
  return [name, `.${name}`].find((candidate) => name !== '' && isField(candidate));
}

function isField(name: string): boolean {
  try {
    const { expression } = parseFilterSyntax(`{ ${name} != nil }`);
    const isNilTest = expression.kind === 'comparison' && expression.right.kind === 'static';
    return isNilTest && (expression.left.kind === 'attribute' || expression.left.kind === 'intrinsic');
  } catch {
    return false; // What does not parse is no name.
  }
}
