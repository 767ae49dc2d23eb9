"""The sample pictures: what they show and who made them. `tools/samples/` draws those that were drawn."""
