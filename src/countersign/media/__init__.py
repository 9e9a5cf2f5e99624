"""What comes in: closed files, decoded to pixels, with where and when they were taken."""
