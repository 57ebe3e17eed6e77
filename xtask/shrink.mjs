// Makes the modules of a folder smaller, in place: `node shrink.mjs <binaryen's index.js> <folder>`. All of them in one
// process: starting Binaryen takes longer than most of the pieces.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [library, folder] = process.argv.slice(2);
const { default: binaryen } = await import(pathToFileURL(library));

// What `wasm-opt -Os` does.
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(1);
binaryen.setGenerateStackIR(true);
binaryen.setOptimizeStackIR(true);
// No value lies at the lowest addresses: there ends the stack, which grows downwards.
binaryen.setLowMemoryUnused(true);
// Inlining makes a module smaller and its compressed form larger, which is what is delivered.
binaryen.setAlwaysInlineMaxSize(0);
binaryen.setFlexibleInlineMaxSize(0);
binaryen.setOneCallerInlineMaxSize(0);

// What a current compiler's module uses.
const used = ["BulkMemory", "BulkMemoryOpt", "NontrappingFPToInt", "SignExt", "MutableGlobals", "ReferenceTypes", "Multivalue"];
const features = used.reduce((sum, name) => sum | binaryen.Features[name], 0);

for (const name of readdirSync(folder).filter((name) => name.endsWith(".wasm"))) {
  const path = join(folder, name);
  const before = readFileSync(path);
  const module = binaryen.readBinary(before, features);
  module.optimize();
  const after = module.emitBinary();
  module.dispose();
  // Of a piece of a few bytes nothing can be saved.
  if (after.length < before.length) {
    writeFileSync(path, after);
  }
}
