/** The OTLP messages for @bufbuild/protobuf: described at run time from protobufjs's, so that there is one source. */
import { create, createFileRegistry, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type DescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import protobuf from 'protobufjs';
import { otlpMessage } from './otlp-protobuf-messages.ts';

const SCALARS: ReadonlyMap<string, FieldDescriptorProto_Type> = new Map([
  ['string', FieldDescriptorProto_Type.STRING],
  ['bytes', FieldDescriptorProto_Type.BYTES],
  ['bool', FieldDescriptorProto_Type.BOOL],
  ['int32', FieldDescriptorProto_Type.INT32],
  ['int64', FieldDescriptorProto_Type.INT64],
  ['uint32', FieldDescriptorProto_Type.UINT32],
  ['double', FieldDescriptorProto_Type.DOUBLE],
  ['fixed32', FieldDescriptorProto_Type.FIXED32],
  ['fixed64', FieldDescriptorProto_Type.FIXED64],
]);

const types = otlpMessage('ExportTraceServiceRequest').root.nestedArray.filter((node) => node instanceof protobuf.Type);
const file = create(FileDescriptorProtoSchema, {
  name: 'otlp.proto',
  syntax: 'proto3',
  messageType: types.map(describe),
});
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));

/** The message type of this name: the same as `otlpMessage` knows. */
export function otlpBufbuildMessage(name: string): DescMessage {
  const message = registry.getMessage(name);
  if (message === undefined) throw new Error(`no message ${name} is described.`);
  return message;
}

function describe(type: protobuf.Type): MessageInitShape<typeof DescriptorProtoSchema> {
  return {
    name: type.name,
    oneofDecl: type.oneofsArray.map(({ name }) => ({ name })),
    field: type.fieldsArray.map((field) => {
      const scalar = SCALARS.get(field.type);
      return {
        // protobufjs made it camelCase; the names of generated code are the same again.
        name: field.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        number: field.id,
        label: field.repeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
        ...(scalar === undefined
          ? { type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${field.type}` }
          : { type: scalar }),
        ...(field.partOf ? { oneofIndex: type.oneofsArray.indexOf(field.partOf) } : {}),
      };
    }),
  };
}
