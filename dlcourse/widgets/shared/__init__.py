"""What two widgets or more need, here and (js/) in the browser."""
