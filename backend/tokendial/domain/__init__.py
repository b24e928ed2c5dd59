"""Pure rules: tokens, money, prices, periods and limits. No clock, no file, no network."""
