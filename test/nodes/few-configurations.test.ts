/** Measures with nothing else to say of little data; the others have the warning in their own tests. */
import { expect, test } from "vitest";
import { entropy } from "../../src/nodes/entropy/index.ts";
import { rateDistortion } from "../../src/nodes/rate-distortion/index.ts";
import { runNode } from "../harness/run-node.ts";
import { dense } from "../learn/networks.ts";
import { configurations } from "./configurations.ts";
import { tableOfModel } from "./models.ts";

const few = configurations({ samples: 19, betas: [0.3] });
const message = (blocks: number) =>
  `19 configurations at beta 0.3: below ${blocks}, the blocks of the jackknife, errors are a guess`;

test("rate-distortion warns of few configurations", async () => {
  const layers = [dense("code", 16, 4), dense("image", 4, 16)];
  const model = tableOfModel({ layers, loss: "mse", chains: [] });
  const { warnings } = await runNode(rateDistortion, { inputs: { configurations: few, model } });
  expect(warnings).toEqual([{ code: "few-configurations", message: message(20) }]);
});

test("entropy warns of fewer configurations than the blocks asked for", async () => {
  const warningsOf = async (blocks: number) => {
    const params = { blocks, estimators: ["pattern2x2"] };
    const { warnings } = await runNode(entropy, { inputs: { configurations: few }, params });
    return warnings.filter(({ code }) => code !== "few-windows").map((one) => one.message);
  };
  expect(await warningsOf(19)).toEqual([]);
  expect(await warningsOf(30)).toEqual([message(30)]);
});
