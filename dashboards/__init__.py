"""What people look at: boards, rules and alerts, generated from the catalogues of `streams`."""
