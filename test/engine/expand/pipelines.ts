/** Stages that several test files expand: two seeds in two parts, and two families of models. */

export const ref = (name: string) => `"\${${name}}"`;

export const lattices = `
  lattices:
    node: sampler
    for: { seed: [1, 2], part: { train: { samples: 5 }, test: { samples: 9 } } }
    with: { size: 4, samples: ${ref("part.samples")}, seed: [${ref("seed")}, ${ref("part")}] }
`;

export const models = `${lattices}
  coarse:
    node: decimator
    for: { rule: [decimation, majority] }
    inputs: { configurations: { from: lattices, at: { part: train } } }
    with: { rule: ${ref("rule")} }
  ae:
    node: trainer
    inputs: { x: { from: lattices, at: { part: train } } }
    with: { layers: [{ dense: 4 }], seed: ${ref("seed")} }
  rg:
    node: trainer
    inputs: { x: { from: lattices, at: { part: train } }, y: coarse }
    with: { layers: [{ dense: y }], seed: ${ref("seed")} }
  measured:
    node: measure
    inputs:
      model: { axis: model, of: { ae: ae.model, rg: rg.model } }
      configurations: { from: lattices, at: { part: test } }
`;
