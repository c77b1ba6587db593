"""Makes the committed fonts from the full Noto Sans SC. See README.md.

usage: python3 subset.py DIRECTORY_OF_THE_UNPACKED_PACKAGE
"""

import gzip
import io
import sys
from pathlib import Path

from fontTools import subset

HERE = Path(__file__).parent

# Characters of the Table of General Standard Chinese Characters (2013) that GBK lacks. Names of companies and of
# people are registered in the characters of that table.
STANDARD_BEYOND_GBK = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖"
    "䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮鿍鿎鿏𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉"
    "𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧"
    "𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕"
    "𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹"
    "𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)


def double_byte(codec, first, second):
    characters = set()
    for lead in first:
        for trail in second:
            try:
                characters.add(ord(bytes([lead, trail]).decode(codec)))
            except (UnicodeDecodeError, TypeError):
                pass
    return characters


GBK = double_byte("gbk", range(0x81, 0xFF), range(0x40, 0xFF))
GB2312 = double_byte("gb2312", range(0xA1, 0xFF), range(0xA1, 0xFF))
# Latin, Greek, Cyrillic, punctuation, currency, arrows, mathematics: all that the font has of them.
BELOW_CJK = set(range(0x20, 0x2E80))


def make(source, characters, target):
    options = subset.Options()
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    # Text is set one glyph per character, so nothing reads the layout tables.
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "gasp", "meta", "DSIG"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    # The original's time stamp stays, so that the same input makes the same bytes.
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    raw = io.BytesIO()
    subset.save_font(font, raw, options)
    target.write_bytes(gzip.compress(raw.getvalue(), 9, mtime=0))
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size} bytes")


def main(package):
    beyond = {ord(character) for character in STANDARD_BEYOND_GBK}
    regular = package / "400Regular" / "NotoSansSC_400Regular.ttf"
    bold = package / "700Bold" / "NotoSansSC_700Bold.ttf"
    make(regular, GBK | BELOW_CJK | beyond, HERE / "NotoSansSC-Regular.ttf.gz")
    make(bold, GB2312 | BELOW_CJK, HERE / "NotoSansSC-Bold.ttf.gz")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
