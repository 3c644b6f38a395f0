"""The pages of accounts: signing in, one's own account, the identity provider. Forms that work without a script."""

from app.accounts.pages import oidc, own, signing_in
from app.accounts.pages.blueprint import blueprint

__all__ = ["blueprint", "oidc", "own", "signing_in"]
