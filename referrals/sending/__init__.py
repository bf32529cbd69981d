"""The worker's pages: choosing, gates, sending, one referral, what is printed."""
