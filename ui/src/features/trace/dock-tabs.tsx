import type { SpanAnswer } from '@clew/contract';
import type { SpanId } from '@clew/model';
import { useMemo, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { type Tab, Tabs } from '../../widgets/tabs.tsx';
import { EventList } from './event-list.tsx';
import { LinkList } from './link-list.tsx';
import { RawSpan } from './raw-span.tsx';
import { SpanAttributes } from './span-attributes.tsx';
import { exceptionsOf } from './span-exceptions.ts';
import { StackTraces } from './stack-traces.tsx';

type DockTab = 'attributes' | 'events' | 'stack' | 'links' | 'raw';

/** What a span carries, in tabs; the tab stays from span to span. */
export function DockTabs(props: {
  readonly trace: TraceModel;
  readonly spanId: SpanId;
  readonly answer: SpanAnswer;
  readonly onGoTo: (row: number) => void;
}) {
  const { answer } = props;
  const { span } = answer;
  const [asked, setTab] = useState<DockTab>('attributes');
  const exceptions = useMemo(() => exceptionsOf(span), [span]);
  const names = text.trace.dock.tabs;
  const tabs: Tab<DockTab>[] = [
    { key: 'attributes', label: names.attributes, count: span.attributes?.length ?? 0 },
    { key: 'events', label: names.events, count: span.events?.length ?? 0 },
    ...(exceptions.length > 0 || asked === 'stack'
      ? [{ key: 'stack' as const, label: text.dock.tabs.stack, count: exceptions.length }]
      : []),
    { key: 'links', label: names.links, count: span.links?.length ?? 0 },
    { key: 'raw', label: names.raw },
  ];
  return (
    <Tabs<DockTab> label={text.trace.dock.label} chosen={asked} onChoose={setTab} tabs={tabs}>
      {asked === 'attributes' && <SpanAttributes answer={answer} />}
      {asked === 'events' && <EventList span={span} onStack={() => setTab('stack')} />}
      {asked === 'stack' && <StackTraces exceptions={exceptions} startUnixNano={span.startTimeUnixNano} />}
      {asked === 'links' && <LinkList {...props} span={span} />}
      {asked === 'raw' && <RawSpan answer={answer} />}
    </Tabs>
  );
}
