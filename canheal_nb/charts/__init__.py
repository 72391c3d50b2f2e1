"""Pictures: plain data drawn as SVG, with the words that stand for them."""
