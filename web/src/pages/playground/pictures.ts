import { newId, type Picture } from '@/components/chat/conversation';

/** Bytes of one picture, and how many a message may have; the body as a whole has its bound at the server. */
export const MAX_PICTURE_BYTES = 5 * 1024 * 1024;
export const MAX_PICTURES = 6;

/** What every provider reads. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

export type PictureFault = 'type' | 'size' | 'count' | 'unreadable';

export interface Taken {
  pictures: Picture[];
  faults: { name: string; fault: PictureFault }[];
}

/** Reads pasted, dropped or chosen files; `present` is how many the message has already. */
export async function takePictures(files: readonly File[], present: number): Promise<Taken> {
  const taken: Taken = { pictures: [], faults: [] };
  for (const file of files) {
    const fault = faultOf(file, present + taken.pictures.length);
    if (fault) {
      taken.faults.push({ name: file.name, fault });
      continue;
    }
    try {
      taken.pictures.push({ id: newId(), name: file.name, url: await dataUrl(file) });
    } catch {
      taken.faults.push({ name: file.name, fault: 'unreadable' });
    }
  }
  return taken;
}

function faultOf(file: File, present: number): PictureFault | undefined {
  if (!PICTURE_TYPES.includes(file.type)) return 'type';
  if (file.size > MAX_PICTURE_BYTES) return 'size';
  if (present >= MAX_PICTURES) return 'count';
  return undefined;
}

function dataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });
}
