"""What is told while it happens: subscriptions, over one reader of the store's changes for all of them."""
