// Packs what was built as small as it gets, once, in place of a little for every reader. The program
// carries the packed files alone.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = new URL("dist/assets/", import.meta.url);
for (const name of readdirSync(folder)) {
  const file = new URL(name, folder);
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  const brotli = brotliCompressSync(bytes, { params });
  writeFileSync(new URL(`${name}.br`, folder), brotli);
  writeFileSync(new URL(`${name}.gz`, folder), gzipSync(bytes, { level: 9 }));
  rmSync(file);
  console.log(`${name}: ${bytes.length} bytes, ${brotli.length} packed`);
}
