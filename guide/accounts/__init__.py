"""The team's accounts: how somebody is invited, proves who they are, and leaves. Each module holds a few use cases."""
