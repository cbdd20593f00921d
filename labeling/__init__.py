"""Report text to grades: pure functions on strings, with the words that prove each grade."""
