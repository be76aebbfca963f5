"""How-to content as data: steps, mistakes, facts with source, date and confidence; in every language the same shape."""
