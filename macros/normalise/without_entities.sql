{#
  A text with the letters that a web page's entities stand for (`AT&amp;T`, `&#1588;&#x631;`): what is
  between & and ; and is no entity stays, like the B of `A&B; C`. An ampersand that was written as an
  entity twice is read twice. Few texts hold one, which one look tells. No `;` ends a first part, since
  nothing but the split's own & may begin an entity.
#}
{% macro without_entities(text) -%}
{%- set letters = {
    'amp': '&', 'quot': '"', 'apos': "''", 'lt': '<', 'gt': '>', 'nbsp': ' ', 'ensp': ' ', 'emsp': ' ',
    'thinsp': ' ', 'shy': '', 'zwj': '', 'zwnj': '', 'lrm': '', 'rlm': '', 'ndash': '–', 'mdash': '—',
    'lsquo': '‘', 'rsquo': '’', 'sbquo': '‚', 'ldquo': '“', 'rdquo': '”', 'bdquo': '„', 'laquo': '«',
    'raquo': '»', 'lsaquo': '‹', 'rsaquo': '›', 'bull': '•', 'middot': '·', 'hellip': '…', 'copy': '©',
    'reg': '®', 'trade': '™', 'deg': '°', 'sup2': '²', 'sup3': '³', 'frac12': '½', 'times': '×',
    'Agrave': 'À', 'Aacute': 'Á', 'Acirc': 'Â', 'Atilde': 'Ã', 'Auml': 'Ä', 'Aring': 'Å', 'AElig': 'Æ',
    'Ccedil': 'Ç', 'Egrave': 'È', 'Eacute': 'É', 'Ecirc': 'Ê', 'Euml': 'Ë', 'Igrave': 'Ì', 'Iacute': 'Í',
    'Icirc': 'Î', 'Iuml': 'Ï', 'Ntilde': 'Ñ', 'Ograve': 'Ò', 'Oacute': 'Ó', 'Ocirc': 'Ô', 'Otilde': 'Õ',
    'Ouml': 'Ö', 'Oslash': 'Ø', 'Ugrave': 'Ù', 'Uacute': 'Ú', 'Ucirc': 'Û', 'Uuml': 'Ü', 'szlig': 'ß',
    'agrave': 'à', 'aacute': 'á', 'acirc': 'â', 'atilde': 'ã', 'auml': 'ä', 'aring': 'å', 'aelig': 'æ',
    'ccedil': 'ç', 'egrave': 'è', 'eacute': 'é', 'ecirc': 'ê', 'euml': 'ë', 'igrave': 'ì', 'iacute': 'í',
    'icirc': 'î', 'iuml': 'ï', 'ntilde': 'ñ', 'ograve': 'ò', 'oacute': 'ó', 'ocirc': 'ô', 'otilde': 'õ',
    'ouml': 'ö', 'oslash': 'ø', 'ugrave': 'ù', 'uacute': 'ú', 'ucirc': 'û', 'uuml': 'ü', 'yuml': 'ÿ',
    'OElig': 'Œ', 'oelig': 'œ',
} -%}
{%- set table = namespace(text=';') -%}
{%- for name, letter in letters.items() -%}
{%- set table.text = table.text ~ name ~ '=' ~ letter ~ ';' -%}
{%- endfor -%}
{%- set name = "split_part(item, ';', 1)" -%}
{%- set rest = "substr(item, position(';' in item) + 1)" -%}
{%- set number = character_code('substr(' ~ name ~ ', 2)') -%}
{%- set parts = array_map(
    split_text("' ' || replace(" ~ text ~ ", '&amp;', '&')", '&'),
    "case when " ~ matches_pattern('item', '^[A-Za-z]{2,6}[0-9]{0,2};')
    ~ " and position(';' || " ~ name ~ " || '=' in '" ~ table.text ~ "') > 0 "
    ~ "then split_part(split_part('" ~ table.text ~ "', ';' || " ~ name ~ " || '=', 2), ';', 1) || " ~ rest
    ~ " when " ~ matches_pattern('item', '^#([0-9]{2,7}|[xX][0-9a-fA-F]{2,6});')
    ~ " and (" ~ number ~ " between 32 and 55295 or " ~ number ~ " between 57344 and 1114111 or "
    ~ number ~ " in (9, 10, 13)) then " ~ character_of(number) ~ " || " ~ rest
    ~ " else '&' || item end"
) -%}
case
    when {{ matches_pattern(text, '&#?[A-Za-z0-9]+;') }} then substr({{ array_text(parts, '') }}, 3)
    else {{ text }}
end
{%- endmacro %}
