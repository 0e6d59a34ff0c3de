import { defineConfig } from "vite";

// Names change with the content, so that browsers may keep files for ever. Only `dist/assets` is
// emptied: `dist` is there before anything is built, since cargo watches it.
export default defineConfig({
  base: "./",
  build: {
    outDir: "dist/assets",
    assetsDir: "",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: "src/map.ts",
      output: {
        entryFileNames: "map-[hash].js",
        chunkFileNames: "map.part-[hash].js",
        assetFileNames: "map-[hash][extname]",
      },
    },
  },
});
