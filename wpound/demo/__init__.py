"""A fictional, seeded data set of believable size for any city in the catalogue.

Every firm, person and figure made here is invented: names carry the word "Example", company numbers start with ZZ and
charity numbers with 99, which no register issues.
"""
