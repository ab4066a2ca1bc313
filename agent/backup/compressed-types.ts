/** Names of files whose content is compressed or encrypted as it should be: that it can't be made smaller says nothing. */

const ENDINGS = new Set(
  [
    "7z apk br bz2 cab deb dmg docx epub gz iso jar lz lz4 lzma msi odp ods odt pptx rar rpm tbz tgz txz war whl xlsx xz zip zst",
    "avif gif heic heif jpeg jpg jxl png webp arw cr2 cr3 dng nef orf raf",
    "aac avi flac flv m4a m4v mkv mov mp3 mp4 mpeg mpg ogg opus webm wma wmv",
    "age asc cer crt gpg hc kdbx key luks p12 pdf pem pfx pgp sig vhdx vmdk woff woff2 pack parquet pyc",
  ].flatMap((line) => line.split(" ")),
);

/** `path`: catalog path. */
export function isCompressedType(path: Buffer): boolean {
  const dot = path.lastIndexOf(0x2e);
  if (dot <= path.lastIndexOf(0x2f) || path.length - dot > 8) return false;
  return ENDINGS.has(path.toString("latin1", dot + 1).toLowerCase());
}
