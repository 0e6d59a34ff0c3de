#!/usr/bin/python3
"""Makes the glyphs that maps write their labels with: one file for each range of 256 characters.

usage: make.py FOLDER

FOLDER is that of the npm package @fontsource/noto-sans 5.3.0 (SIL Open Font License 1.1, see LICENSE),
unpacked. Needs python3-numpy, python3-scipy and python3-pil. The files are protocol buffers as MapLibre
reads them (glyphs.proto): bitmaps of signed distances, 24 pixels to the em, 3 pixels around each glyph.
"""

import sys
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import distance_transform_edt

NAME = "Noto Sans Regular"
SUBSETS = ["latin", "latin-ext", "cyrillic", "cyrillic-ext"]
# Latin with the letters of Central Europe, Cyrillic, punctuation, signs such as that of numbers.
WANTED = [(0x20, 0x17F), (0x400, 0x45F), (0x2000, 0x206F), (0x20AC, 0x20AC), (0x2116, 0x2116)]
EM = 24
# From the baseline to the top of a line, in pixels.
ASCENDER = 26
BUFFER = 3
RADIUS = 8
CUTOFF = 0.25
# Each pixel is looked at in so many parts along a side.
FINE = 8


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def number_field(field, number):
    return varint(field << 3) + varint(number)


def signed_field(field, number):
    return number_field(field, number << 1 if number >= 0 else (-number << 1) - 1)


def bytes_field(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def bitmap(font, text, left, top, width, height):
    """Distances to the outline in a box of pixels around the glyph: 192 lies on it, more is inside."""
    size = ((width + 2 * BUFFER) * FINE, (height + 2 * BUFFER) * FINE)
    image = Image.new("L", size)
    corner = ((BUFFER - left) * FINE, (BUFFER - top) * FINE)
    ImageDraw.Draw(image).text(corner, text, font=font, fill=255, anchor="ls")
    inside = numpy.asarray(image) >= 128
    distance = (distance_transform_edt(~inside) - distance_transform_edt(inside)) / FINE
    rows, columns = size[1] // FINE, size[0] // FINE
    distance = distance.reshape(rows, FINE, columns, FINE).mean(axis=(1, 3))
    value = 255 - 255 * (distance / RADIUS + CUTOFF)
    return numpy.clip(numpy.round(value), 0, 255).astype(numpy.uint8).tobytes()


def glyph(font, code):
    text = chr(code)
    left, top, right, bottom = (edge / FINE for edge in font.getbbox(text, anchor="ls"))
    left, top = int(numpy.floor(left)), int(numpy.floor(top))
    width, height = int(numpy.ceil(right)) - left, int(numpy.ceil(bottom)) - top
    advance = round(font.getlength(text) / FINE)
    message = number_field(1, code)
    if width > 0 and height > 0 and not text.isspace():
        message += bytes_field(2, bitmap(font, text, left, top, width, height))
    else:
        width = height = left = top = 0
    message += number_field(3, width) + number_field(4, height)
    message += signed_field(5, left) + signed_field(6, -top - ASCENDER) + number_field(7, advance)
    return bytes_field(3, message)


def characters(path):
    from fontTools.ttLib import TTFont

    return set(TTFont(path).getBestCmap())


def main():
    folder = Path(sys.argv[1]) / "files"
    fonts = []
    for subset in SUBSETS:
        path = folder / f"noto-sans-{subset}-400-normal.woff"
        fonts.append((ImageFont.truetype(str(path), EM * FINE), characters(path)))
    wanted = {code for first, last in WANTED for code in range(first, last + 1)}
    for first in sorted({code // 256 * 256 for code in wanted}):
        glyphs = b""
        for code in sorted(wanted & set(range(first, first + 256))):
            font = next((font for font, known in fonts if code in known), None)
            if font:
                glyphs += glyph(font, code)
        span = f"{first}-{first + 255}"
        stack = bytes_field(1, NAME.encode()) + bytes_field(2, span.encode()) + glyphs
        target = Path(__file__).parent / f"{span}.pbf"
        target.write_bytes(bytes_field(1, stack))
        print(target.name, target.stat().st_size)


if __name__ == "__main__":
    main()
