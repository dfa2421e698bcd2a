// Builds the styles and islands into `dist/`, which the Rust build embeds.
// Every file but the manifest carries a hash of its content in its name, so
// that browsers may keep it for ever.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const plain = process.argv.includes("--plain");

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: { app: "app.ts", style: "styles/app.css" },
  outdir: "dist",
  bundle: true,
  minify: !plain,
  format: "esm",
  target: ["chrome123", "firefox121", "safari17.5"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  publicPath: "/assets",
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
});

const manifest = {};
for (const [file, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) manifest[output.entryPoint] = path.basename(file);
  const preload = /^source-sans-3-latin-(400|600)-normal-/.exec(path.basename(file));
  if (preload) manifest[`latin-${preload[1]}.woff2`] = path.basename(file);
}

for (const name of ["icon.svg"]) {
  const source = path.join(here, "static", name);
  const hash = createHash("sha256").update(await readFile(source)).digest("hex").slice(0, 8);
  const { name: stem, ext } = path.parse(name);
  manifest[name] = `${stem}-${hash.toUpperCase()}${ext}`;
  await copyFile(source, path.join(dist, manifest[name]));
}
await copyFile(
  path.join(here, "node_modules/@fontsource/source-sans-3/LICENSE"),
  path.join(dist, "LICENSE-source-sans-3.txt"),
);

await writeFile(path.join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
