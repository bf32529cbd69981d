"""Self-assessment with the quality criteria: rounds, anonymous answers, what may be shown of them, exports.

Nobody needs an account; a round is opened, answered and kept by links alone. No personal data comes in here.
"""
