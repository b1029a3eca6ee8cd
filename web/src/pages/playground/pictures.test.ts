import { describe, expect, it } from 'vitest';
import { MAX_PICTURE_BYTES, MAX_PICTURES, takePictures } from './pictures';

describe('pictures', () => {
  it('become data URLs; what is no picture, too large or too many is refused', async () => {
    const png = new File(['x'], 'a.png', { type: 'image/png' });
    const large = new File([new Uint8Array(MAX_PICTURE_BYTES + 1)], 'b.png', { type: 'image/png' });
    const text = new File(['x'], 'c.txt', { type: 'text/plain' });

    const taken = await takePictures([png, large, text, png], MAX_PICTURES - 1);

    expect(taken.pictures.map((picture) => picture.url)).toEqual(['data:image/png;base64,eA==']);
    expect(taken.faults).toEqual([
      { name: 'b.png', fault: 'size' },
      { name: 'c.txt', fault: 'type' },
      { name: 'a.png', fault: 'count' },
    ]);
  });
});
