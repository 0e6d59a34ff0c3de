"""Serbian Cyrillic to Latin, and the control digit of registration numbers."""

_LETTERS = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš"))
_DIGRAPHS = {"љ": "lj", "њ": "nj", "џ": "dž"}


def to_latin(text: str) -> str:
    """Transliterate Serbian Cyrillic letter by letter; other characters stay.

    A capital digraph letter gives "Lj" before a lower-case letter or at the
    end of a word, and "LJ" inside a word in capitals.
    """
    out = []
    for index, char in enumerate(text):
        lower = char.lower()
        if lower in _DIGRAPHS:
            latin = _DIGRAPHS[lower]
            following = text[index + 1 : index + 2]
            if char != lower:
                latin = latin.upper() if following.isupper() else latin.capitalize()
        elif lower in _LETTERS:
            latin = _LETTERS[lower] if char == lower else _LETTERS[lower].upper()
        else:
            latin = char
        out.append(latin)
    return "".join(out)


def control_digit(leading: str) -> int | None:
    """Control digit of a registration number of a spatial unit.

    `leading` holds the digits without the control digit. Weights run n+1 … 2
    from the left; m = sum mod 11; the digit is 11 - m, 0 for m = 1. A number
    with m = 0 is never issued: None.
    """
    count = len(leading)
    total = sum(int(d) * (count + 1 - i) for i, d in enumerate(leading))
    remainder = total % 11
    if remainder == 0:
        return None
    return 0 if remainder == 1 else 11 - remainder


def has_valid_control_digit(code: str) -> bool:
    """Whether the last digit of a registration number is its control digit."""
    return code.isdigit() and control_digit(code[:-1]) == int(code[-1])
