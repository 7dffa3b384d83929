"""What the parsers make of plain values, said in SQL: for the many values about which nothing is doubtful.

parse_phones, parse_emails and parse_urls are the definition. The SQL of this package only accepts: a value
that it accepts has exactly the parser's result, and everything else goes to the parser. The patterns are
made from the libraries' own data (numbering plans, the public suffix list, reserved domains), so that a
newer library is a newer pattern.
"""
