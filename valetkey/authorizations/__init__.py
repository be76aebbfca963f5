"""Authorizations: permission for one advertiser to run one post for a window, by a code. The heart of the desk."""
