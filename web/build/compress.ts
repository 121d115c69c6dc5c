import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const textName = /\.(?:js|css|html|svg|txt)$/;

/** Writes each text also as .br and .gz: the gateway sends what the browser takes, and compresses nothing itself. */
export const compressFiles = (): Plugin => ({
  name: 'compress-files',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const [fileName, part] of Object.entries(bundle)) {
        if (!textName.test(fileName)) continue;
        const bytes = Buffer.from(part.type === 'chunk' ? part.code : part.source);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 7, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(bytes, { params }) });
        this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(bytes, { level: 9 }) });
      }
    },
  },
});
