{#
  A text with the letters of compatibility areas as plain ones (NFKC's, as far as names need them):
  Arabic presentation forms and ligatures, full-width, mathematical and circled Latin, `ﬁ`. They are
  rare: one look decides whether a text is translated at all.
#}
{% macro compatible_text(text) -%}
{%- set latin = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz' -%}
{#- The code charts as they run: first code, plain letters, codes per letter. -#}
{%- set charts = [
    (0xFE80, 'ء', 1), (0xFE81, 'آأؤإ', 2), (0xFE89, 'ئ', 4), (0xFE8D, 'ا', 2), (0xFE8F, 'ب', 4),
    (0xFE93, 'ة', 2), (0xFE95, 'تثجحخ', 4), (0xFEA9, 'دذرز', 2), (0xFEB1, 'سشصضطظعغفقكلمنه', 4),
    (0xFEED, 'وى', 2), (0xFEF1, 'ي', 4), (0xFB50, 'ا', 2), (0xFB56, 'پ', 4), (0xFB7A, 'چ', 4),
    (0xFB8A, 'ژ', 2), (0xFB8E, 'كگ', 4), (0xFBA6, 'هه', 4), (0xFBAE, 'ي', 2), (0xFBFC, 'ي', 4),
    (0x24B6, latin, 1), (0x1D7CE, '0123456789' * 5, 1), (0x1D400, latin * 13, 1),
    (0xFF21, latin[:26], 1), (0xFF41, latin[26:], 1), (0xFF10, '0123456789', 1), (0xFF06, '&', 1),
    (0xFF0E, '.', 1), (0xFF0D, '-', 1), (0xFEF5, 'ﻻ', 8), (0xC6, 'æ', 1), (0x152, 'œ', 1),
] -%}
{%- set written = [] -%}
{%- set plain = [] -%}
{%- for first, letters, forms in charts -%}
{%- for place in range(letters | length * forms) -%}
{%- do written.append('%c' | format(first + place)) -%}
{%- do plain.append(letters[place // forms]) -%}
{%- endfor -%}
{%- endfor -%}
{%- set ligatures = [
    ('ﻻ', 'لا'), ('ﷲ', 'الله'), ('ﷴ', 'محمد'), ('ﬀ', 'ff'), ('ﬁ', 'fi'), ('ﬂ', 'fl'),
    ('ß', 'ss'), ('æ', 'ae'), ('œ', 'oe'),
] -%}
{%- set pattern = '[ßæœÆŒ\\x{24B6}-\\x{24EF}\\x{FB00}-\\x{FDFF}\\x{FE70}-\\x{FEFE}'
    ~ '\\x{FF01}-\\x{FFEF}\\x{1D400}-\\x{1D7FF}]' -%}
case
    when {{ is_ascii(text) }} then {{ text }}
    when not {{ matches_pattern(text, pattern) }} then {{ text }}
    else {{ 'replace(' * (ligatures | length) }}translate(
        {{ text }}, '{{ written | join }}', '{{ plain | join }}'
    ){% for ligature, letters in ligatures %}, '{{ ligature }}', '{{ letters }}'){% endfor %}

end
{%- endmacro %}
