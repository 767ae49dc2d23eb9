"""Make the lexicons that the engine reads with:  uv run --with wordfreq==3.1.1 python -m tools.lexicons

They are the words of letters only of wordfreq's small lists, and how common they are: the common logarithm of how often
a word stands among a thousand million, to one decimal. One line for each frequency, the commonest first.
"""

from __future__ import annotations

import math
from collections import defaultdict

from cvhelpers.ondevice.engine import lexicon

HEAD = """\
# Words and how common they are: one line for each frequency, the commonest first. Made by tools/lexicons.py from
# wordfreq 3.1.1 (Robyn Speer, https://github.com/rspeer/wordfreq), list "small", {language}: words of letters only,
# their frequencies rounded. Licence of this file: Creative Commons Attribution-ShareAlike 4.0, as of wordfreq's data.
# They come from Wikipedia, OpenSubtitles (OPUS), SUBTLEX, Google Books Ngrams (http://books.google.com/ngrams), the
# Leeds Internet Corpus, ParaCrawl, and others that wordfreq's README names.
"""
NAMES = {"en": "English", "fr": "French"}


def main() -> None:
    import wordfreq  # of no use to anything else here

    for code in lexicon.LANGUAGES:
        words: dict[str, list[str]] = defaultdict(list)
        for word, share in wordfreq.get_frequency_dict(code, "small").items():
            if word.isalpha():
                words[f"{math.log10(share) + 9:.1f}"].append(word)
        lines = [
            " ".join([frequency, *sorted(words[frequency])]) for frequency in sorted(words, key=float, reverse=True)
        ]
        text = HEAD.format(language=NAMES[code]) + "\n".join(lines) + "\n"
        (lexicon.FOLDER / f"{code}.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
