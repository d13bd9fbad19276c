"""The window. What it says is made by `presenter`, what it does by `desk`, without a screen."""
