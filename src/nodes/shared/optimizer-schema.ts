/** The JSON Schema of an optimizer as it is written in YAML. */

const rate = { type: "number", exclusiveMinimum: 0, description: "Learning rate." };
const decay = { type: "number", minimum: 0, exclusiveMaximum: 1 };
// One schema for both forms, so that an error about a rate points at the rate.
const rule = (properties: object) => ({
  type: ["number", "object"],
  exclusiveMinimum: 0,
  properties: { learning_rate: rate, ...properties },
  required: ["learning_rate"],
  additionalProperties: false,
  description: "The learning rate, or an object with all settings.",
});

export const optimizerSchema = {
  type: "object",
  properties: {
    adam: rule({ beta1: decay, beta2: decay, epsilon: { type: "number", minimum: 0 } }),
    sgd: rule({ momentum: decay }),
  },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  description: "{ adam: rate } or { sgd: rate }.",
};
