"""Wellbeing referrals: the only room that will know a person. Empty on purpose until it is furnished."""
