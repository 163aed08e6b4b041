/**
 * Builds the phone: `node miniprogram_stub/browser/build.mjs [--watch]` writes `build/phone/`.
 *
 * Takes the mini program's files as they are. With `--watch` it builds again after each change.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild } from "esbuild";
import { bundle } from "./bundler/bundle.mjs";
import { readPeople } from "./people.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../..");
const APP = join(HERE, "../app");
const OUT = join(ROOT, "build/phone");
const PICTURES = new Set([".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"]);

/** Builds everything; throws an error that names the file at fault. */
export async function build() {
  const { script, styles } = bundle(APP);
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  await esbuild({
    entryPoints: {
      phone: join(HERE, "runtime/main.js"),
      stub: join(HERE, "stub/stub.js"),
      who: join(HERE, "stub/who.js"),
    },
    bundle: true,
    format: "iife",
    target: "es2022",
    outdir: OUT,
    logLevel: "warning",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [miniProgram(script)],
  });
  writeFileSync(
    join(OUT, "phone.css"),
    `${readFileSync(join(HERE, "phone/phone.css"), "utf8")}\n${styles}`,
  );
  for (const file of ["phone/phone.html", "stub/stub.html", "stub/who.html", "stub/stub.css"])
    cpSync(join(HERE, file), join(OUT, file.split("/")[1]));
  writeFileSync(join(OUT, "people.json"), JSON.stringify(readPeople(join(ROOT, "fixtures"))));
  copyPictures("");
}

/** Gives the bundle of the mini program to `import … from "mini-program"`. */
function miniProgram(script) {
  return {
    name: "mini-program",
    setup(made) {
      made.onResolve({ filter: /^mini-program$/ }, () => ({
        path: "bundle",
        namespace: "mini-program",
      }));
      made.onLoad({ filter: /.*/, namespace: "mini-program" }, () => ({
        contents: script,
        loader: "js",
      }));
    },
  };
}

function copyPictures(folder) {
  for (const name of readdirSync(join(APP, folder))) {
    const path = join(folder, name);
    if (name === "miniprogram_npm") continue;
    if (statSync(join(APP, path)).isDirectory()) copyPictures(path);
    else if (PICTURES.has(extname(name))) cpSync(join(APP, path), join(OUT, "app", path));
  }
}

async function report() {
  const started = Date.now();
  try {
    await build();
    console.log(`The phone is built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  } catch (error) {
    console.error(`The phone is not built: ${error.message}`);
    process.exitCode = 1;
  }
}

await report();
if (process.argv.includes("--watch")) {
  let waiting = 0;
  for (const folder of [APP, HERE].filter(existsSync)) {
    watch(folder, { recursive: true }, (_, name) => {
      if (name?.includes("miniprogram_npm")) return;
      clearTimeout(waiting);
      waiting = setTimeout(report, 200);
    });
  }
}
