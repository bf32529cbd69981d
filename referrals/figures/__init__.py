"""Referrals in figures, for those who administer the directory."""
