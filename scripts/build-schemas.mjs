// Placeholder until the node list exists; replaced in the same series.
