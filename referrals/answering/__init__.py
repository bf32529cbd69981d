"""The organisation's pages: the link of a letter, the code, the enquiry, the inbox."""
