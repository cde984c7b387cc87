#!/usr/bin/env python3
"""Makes the fonts in this folder from those of Debian 12 and npm.

    apt-get download fonts-noto-core fonts-droid-fallback, unpacked by dpkg -x into one folder
    npm pack @fontsource/noto-emoji @fontsource/noto-sans-jp, unpacked into emoji/ and japanese/ of it
    subset.py FOLDER

It needs python3-fonttools and python3-brotli.
"""
import glob
import gzip
import io
import os
import sys

from fontTools import merge, subset
from fontTools.ttLib import TTFont

source = sys.argv[1]
here = os.path.dirname(os.path.abspath(__file__))
noto = source + "/usr/share/fonts/truetype/noto/"
everything = set(range(0x110000))

SCRIPTS = """Arabic Armenian Balinese Batak Bengali Buginese CanadianAboriginal Cham Cherokee Devanagari Ethiopic
Georgian Gujarati Gurmukhi Hebrew Javanese Kannada Khmer Lao Malayalam Mongolian Myanmar NKo Oriya Rejang Sinhala
Sundanese Syriac Tagalog TaiTham Tamil Telugu Thaana Thai Tifinagh""".split()


def runes(*ranges):
    return {r for first, last in ranges for r in range(first, last + 1)}


def cut(font, unicodes, layout=True):
    """Leaves what is needed to draw the characters: no hints, no vertical metrics."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"] if layout else []
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["DSIG", "vhea", "vmtx", "VORG", "gasp", "MVAR", "STAT", "HVAR", "avar", "fvar", "gvar", "BASE"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    return font


def save(font, name):
    raw = io.BytesIO()
    font.flavor = None
    font.save(raw)
    with open(os.path.join(here, name + ".ttf.gz"), "wb") as file:
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as packed:
            packed.write(raw.getvalue())


def main():
    for script in SCRIPTS:
        save(cut(TTFont(noto + f"NotoSans{script}-Regular.ttf"), everything), script.lower())
    save(cut(TTFont(noto + "NotoSans-Regular.ttf"), everything), "latin")
    save(cut(TTFont(noto + "NotoSerifTibetan-Regular.ttf"), everything), "tibetan")
    math = runes((0x1D400, 0x1D7FF), (0x2100, 0x214F), (0x2190, 0x22FF))
    save(cut(TTFont(noto + "NotoSansMath-Regular.ttf"), math, layout=False), "math")
    save(cut(TTFont(noto + "NotoSansSymbols-Regular.ttf"), everything), "symbols")
    save(cut(TTFont(noto + "NotoSansSymbols2-Regular.ttf"), runes((0x2190, 0x2BFF), (0x1F000, 0x1FAFF))), "symbols2")

    emoji = TTFont(source + "/emoji/package/files/noto-emoji-emoji-400-normal.woff2")
    save(cut(emoji, runes((0x20, 0x20), (0x23, 0x39), (0x80, 0x10FFFF))), "emoji")

    droid = TTFont(source + "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf")
    common = set(droid.getBestCmap())
    save(cut(droid, common - runes((0, 0x2FF))), "cjk")
    full = TTFont(source + "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
    rare = set(full.getBestCmap()) - common - runes((0, 0x2FF))
    save(cut(full, rare, layout=False), "cjkext")

    left = runes((0x2E80, 0x2FFF), (0x3000, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F),
                 (0xFF00, 0xFFEF), (0x1F200, 0x1F2FF), (0x20000, 0x3FFFF)) - common - rare
    parts = []
    for path in sorted(glob.glob(source + "/japanese/package/files/*-400-normal.woff2")):
        font = TTFont(path)
        here_only = set(font.getBestCmap()) & left
        left -= here_only
        if here_only:
            parts.append(os.path.join(source, f"part-{len(parts)}.ttf"))
            font.flavor = None
            cut(font, here_only, layout=False).save(parts[-1])
    save(cut(merge.Merger().merge(parts), everything, layout=False), "japanese")


main()
