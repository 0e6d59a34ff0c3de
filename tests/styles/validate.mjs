// Holds every style of a running service, light and dark, in each language, against the specification.
//
// usage: node validate.mjs URL

import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';

const [url] = process.argv.slice(2);

async function read(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
}

const { styles } = await read(`${url}styles?f=json`);
let held = 0;
const faults = [];
for (const { id } of styles) {
    for (const scheme of ['light', 'dark']) {
        for (const lang of ['sr-Cyrl', 'sr-Latn', 'en']) {
            const style = await read(`${url}styles/${id}?f=mapbox&scheme=${scheme}&lang=${lang}`);
            const found = validateStyleMin(style);
            faults.push(...found.map((fault) => `${id} ${scheme} ${lang}: ${fault.message}`));
            // Nothing of a style comes from another host.
            const others = JSON.stringify(style).match(/"https?:[^"]*/g) ?? [];
            const foreign = others.filter((address) => !address.startsWith(`"${url}`));
            faults.push(...foreign.map((address) => `${id} ${scheme} ${lang}: ${address}`));
            held += 1;
        }
    }
}
if (held === 0) faults.push('the service has no style');
console.log(JSON.stringify({ held, faults }));
process.exitCode = faults.length === 0 ? 0 : 1;
